# A stand-in for prom/node-exporter:v1.9.0: Debian's package of the same version, user 65534.
FROM debian:trixie-slim
RUN apt-get update && apt-get install -y --no-install-recommends prometheus-node-exporter \
    && rm -rf /var/lib/apt/lists/* /var/lib/prometheus \
    && ln -sf /usr/bin/prometheus-node-exporter /usr/local/bin/node_exporter
USER 65534
EXPOSE 9100
ENTRYPOINT ["node_exporter"]
