# One image for web, worker, beat and one-off commands; docker-compose.yml says which.
FROM python:3.11.14-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/venv
COPY requirements.txt /tmp/requirements.txt
# Hashes make a swapped package fail the build; wheels only, so no compiler and no foreign setup.py runs.
RUN /opt/venv/bin/pip install --require-hashes --only-binary :all: -r /tmp/requirements.txt

FROM python:3.11.14-slim-bookworm
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-liberation \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 latsar \
    && useradd --uid 10001 --gid latsar --home-dir /srv/latsar --no-create-home --shell /usr/sbin/nologin latsar \
    && install -d -o latsar -g latsar -m 0750 /srv/latsar /srv/latsar/media /var/lib/latsar
COPY --from=build /opt/venv /opt/venv
WORKDIR /app
COPY . /app
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    STATIC_ROOT=/app/staticfiles \
    MEDIA_ROOT=/srv/latsar/media
# Collecting needs no secret: the development settings know no database and no key of value.
RUN DJANGO_SETTINGS_MODULE=latsar.settings.dev python manage.py collectstatic --noinput
ENV DJANGO_SETTINGS_MODULE=latsar.settings.production
USER latsar
EXPOSE 8000
CMD ["gunicorn", "latsar.wsgi:application", "--bind", "0.0.0.0:8000"]
