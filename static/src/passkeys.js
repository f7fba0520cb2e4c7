// Passkeys are shown where the browser knows them, and say in words when nothing came of it.
const said = {
  NotAllowedError: 'Nothing happened: it was cancelled, took too long, or this device has no passkey for this site. Try again, or use another way.',
  InvalidStateError: 'This device has a passkey for your account already. Use another device, or remove that passkey first.',
  SecurityError: 'Passkeys work only at the site’s own address, with https.',
}
const otherwise = 'The passkey could not be used. Try again, or use another way.'

export function startPasskeys(root) {
  if (!window.PublicKeyCredential) return
  for (const form of root.querySelectorAll('form[data-passkey]')) form.hidden = false
}

document.addEventListener('allauth.error', (event) => {
  const place = document.querySelector('[data-passkey-error]')
  if (!place) return
  event.preventDefault()
  place.textContent = said[event.detail.exception?.name] || otherwise
})
