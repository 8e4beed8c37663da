# A stand-in for prom/alertmanager:v0.28.1: Debian's package of the same version, user 65534, data in /alertmanager. Debian's
# program reads its own templates from /usr/share/prometheus, which the package brings.
FROM debian:trixie-slim
RUN apt-get update && apt-get install -y --no-install-recommends prometheus-alertmanager \
    && rm -rf /var/lib/apt/lists/* /var/lib/prometheus \
    && ln -sf /usr/bin/prometheus-alertmanager /usr/local/bin/alertmanager \
    && mkdir -p /etc/alertmanager /alertmanager && chown -R 65534:65534 /etc/alertmanager /alertmanager
USER 65534
WORKDIR /alertmanager
VOLUME /alertmanager
EXPOSE 9093
ENTRYPOINT ["alertmanager"]
CMD ["--config.file=/etc/alertmanager/alertmanager.yml", "--storage.path=/alertmanager"]
