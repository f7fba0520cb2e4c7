"""What browsers are told that our pages load, and what they may never ask for."""

from __future__ import annotations

from csp.constants import NONCE, NONE, SELF

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

POWERS = (
    "accelerometer", "ambient-light-sensor", "autoplay", "battery", "bluetooth", "browsing-topics", "camera",
    "display-capture", "encrypted-media", "fullscreen", "gamepad", "geolocation", "gyroscope", "hid",
    "identity-credentials-get", "idle-detection", "local-fonts", "magnetometer", "microphone", "midi",
    "otp-credentials", "payment", "picture-in-picture", "screen-wake-lock", "serial", "storage-access", "usb",
    "web-share", "window-management", "xr-spatial-tracking",
)  # fmt: skip
"""What a page could ask a browser for and ours never do. A photograph is taken by the telephone's own camera program
and arrives as a file, for which a page needs no camera."""
PERMISSIONS_POLICY = ", ".join(
    [
        *(f"{power}=()" for power in POWERS),
        # Passkeys, on our own pages alone.
        "publickey-credentials-create=(self)",
        "publickey-credentials-get=(self)",
    ]
)
