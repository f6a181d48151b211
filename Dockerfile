# docker build -t sagemaker-emulator . && docker run --rm -p 4580:4580 sagemaker-emulator
# What follows the image's name goes to `serve`: docker run … sagemaker-emulator --pace real --speed 60
# AWS's other services are in it too, as the extra `aws`.
# What is to outlive the container: docker run … -v sagemaker:/state -e SAGEMAKER_EMULATOR_STATE_DIR=/state sagemaker-emulator
# An index or a certificate of your own: docker build --secret id=pip,src=pip.conf …

ARG PYTHON=python:3.13-slim

FROM ${PYTHON} AS build
WORKDIR /source
COPY pyproject.toml README.md LICENSE ./
COPY emulator emulator
# The environment gets no pip: the base's own installs into it. What is compiled is never compared with its source again,
# which no later copy of the files can then make stale.
RUN --mount=type=secret,id=pip,target=/etc/pip.conf \
    python -m venv --without-pip /opt/sagemaker-emulator \
    && python -m pip --python /opt/sagemaker-emulator/bin/python install --no-cache-dir --no-compile '.[aws]' \
    && /opt/sagemaker-emulator/bin/python -m compileall -q --invalidation-mode unchecked-hash /opt/sagemaker-emulator/lib

FROM ${PYTHON}
ARG PYTHON
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="sagemaker-emulator" \
      org.opencontainers.image.description="The SageMaker control plane on one machine, for unmodified AWS clients." \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.base.name="${PYTHON}"
COPY --from=build /opt/sagemaker-emulator /opt/sagemaker-emulator
ENV PATH=/opt/sagemaker-emulator/bin:$PATH
# The base comes without bytecode: one start as root leaves it for the part of the standard library that serving needs.
RUN python -c "import emulator.interfaces.cli, emulator.interfaces.http, emulator.interfaces.server, emulator.engine.ledger, emulator.sagemaker.service as s; s.sagemaker()" \
    && install -d -o 65532 -g 65532 /state
ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    SAGEMAKER_EMULATOR_HOST=0.0.0.0 \
    SAGEMAKER_EMULATOR_PORT=4580
USER 65532:65532
WORKDIR /
EXPOSE 4580
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s --retries=3 \
    CMD ["python", "-c", "import http.client, os; c = http.client.HTTPConnection('127.0.0.1', int(os.environ['SAGEMAKER_EMULATOR_PORT']), timeout=2); c.request('GET', '/_emulator/health'); raise SystemExit(c.getresponse().status != 200)"]
ENTRYPOINT ["sagemaker-emulator", "serve"]
