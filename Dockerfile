# The site, the worker and the clock are one image; docker-compose.yml starts it three times.

FROM node:22-bookworm-slim AS assets
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
COPY .make/common.sh .make/assets .make/
COPY static/src static/src
RUN NPM_CI_FLAGS=--omit=dev .make/assets

FROM python:3.12-slim-bookworm AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/venv
COPY requirements/base.txt /tmp/base.txt
RUN /opt/venv/bin/pip install --require-hashes -r /tmp/base.txt

FROM python:3.12-slim-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --create-home --home-dir /home/site site \
    && install -d -o site -g site /var/lib/socialvalue
COPY --from=packages /opt/venv /opt/venv
WORKDIR /app
COPY manage.py ./
COPY socialvalue socialvalue
COPY toms toms
COPY procurement procurement
COPY reporting reporting
COPY templates templates
COPY static static
COPY --from=assets /build/static/build static/build
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=socialvalue.settings \
    SV_STATIC_ROOT=/app/static-served \
    SV_VAR=/var/lib/socialvalue
# The stand-ins live for this one command: production settings refuse to start without secrets.
RUN SV_ENV=production SV_VAR=/tmp/var ALLOWED_HOSTS=localhost DATABASE_URL=postgres://nobody@localhost/none \
    SECRET_KEY=only-while-the-image-is-built-0123456789 SEALING_KEY=only-while-the-image-is-built-0123456789 \
    python manage.py collectstatic --noinput \
    && rm -rf /tmp/var
ENV SV_ENV=production
USER site
VOLUME /var/lib/socialvalue
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=40s --retries=4 \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(u.Request('http://127.0.0.1:8000/healthz', headers={'Host': os.environ['ALLOWED_HOSTS'].split(',')[0].lstrip('.')}), timeout=4)"]
CMD ["gunicorn", "socialvalue.wsgi:application", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", \
     "--workers", "2", "--threads", "8", "--max-requests", "2000", "--max-requests-jitter", "200", \
     "--no-control-socket", "--access-logfile", "-", "--logger-class", "socialvalue.core.access_log.AccessLog"]
