# Commentariat: command line, flows and the bundled model. CPU only, no torch, no compiler in the final image.
FROM python:3.11-slim-bookworm AS build
WORKDIR /build
COPY requirements.lock pyproject.toml README.md LICENSE ./
RUN python -m venv /opt/commentariat \
 && /opt/commentariat/bin/pip install --no-cache-dir --no-deps --require-hashes -r requirements.lock
COPY commentariat commentariat
COPY flows flows
COPY tasks tasks
COPY models models
COPY warehouse warehouse
RUN /opt/commentariat/bin/pip install --no-cache-dir --no-deps .

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --create-home commentariat \
 && install -d -o commentariat -g commentariat /srv/commentary /var/lib/prefect
COPY --from=build /opt/commentariat /opt/commentariat
ENV PATH=/opt/commentariat/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DO_NOT_TRACK=1
# By number, so that Kubernetes can see that it is not root.
USER 10001
WORKDIR /srv/commentary
VOLUME /srv/commentary
# No ENTRYPOINT: the workers of a Docker or Kubernetes pool start a run with a whole command, "prefect flow-run execute".
CMD ["commentariat", "--help"]
