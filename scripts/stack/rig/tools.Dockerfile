# What the checks of the edge ask with: clients, scanners, a real ACME server.
FROM debian:trixie-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates curl jq openssl pebble python3 python3-venv sslscan testssl.sh wrk \
    && apt-get clean && rm -rf /var/lib/apt/lists/*
RUN python3 -m venv /opt/gixy && /opt/gixy/bin/pip install --quiet --disable-pip-version-check gixy-next==0.9.0
ENV PATH=/opt/gixy/bin:$PATH
CMD ["sleep", "infinity"]
