# A stand-in for prom/prometheus:v2.53.3: Debian's package of the same version, user 65534, data in /prometheus.
FROM debian:trixie-slim
RUN apt-get update && apt-get install -y --no-install-recommends prometheus \
    && rm -rf /var/lib/apt/lists/* /etc/prometheus /var/lib/prometheus \
    && ln -sf /usr/bin/prometheus /usr/bin/promtool /usr/local/bin/ \
    && mkdir -p /etc/prometheus /prometheus && chown -R 65534:65534 /etc/prometheus /prometheus
USER 65534
WORKDIR /prometheus
VOLUME /prometheus
EXPOSE 9090
ENTRYPOINT ["prometheus"]
CMD ["--config.file=/etc/prometheus/prometheus.yml", "--storage.tsdb.path=/prometheus"]
