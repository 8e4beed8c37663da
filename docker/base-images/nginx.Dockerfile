# A stand-in for nginx:1.30-trixie: Debian unstable's nginx, user 101, the official paths and entrypoint.
FROM debian:trixie-slim
RUN groupadd --system --gid 101 nginx && useradd --system --uid 101 --gid nginx --home-dir /nonexistent nginx \
    && printf 'Types: deb\nURIs: %s\nSuites: sid\nComponents: main\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg\n' \
         "$(sed -n 's/^deb [^h]*\(http[^ ]*\) .*/\1/p; s/^URIs: //p' /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null | head -1)" \
         >/etc/apt/sources.list.d/sid.sources \
    && printf 'Package: *\nPin: release n=sid\nPin-Priority: 100\n' >/etc/apt/preferences.d/sid \
    && apt-get -o Acquire::Check-Valid-Until=false update \
    && apt-get install -y --no-install-recommends -t sid nginx-light \
    && rm -rf /var/lib/apt/lists/* /etc/apt/sources.list.d/sid.sources /etc/apt/preferences.d/sid \
              /etc/nginx/sites-enabled /etc/nginx/sites-available /etc/nginx/modules-enabled \
    && mkdir -p /var/cache/nginx /docker-entrypoint.d && chown nginx:nginx /var/cache/nginx \
    && ln -sf /dev/stdout /var/log/nginx/access.log && ln -sf /dev/stderr /var/log/nginx/error.log
COPY nginx.conf /etc/nginx/nginx.conf
COPY nginx-entrypoint.sh /docker-entrypoint.sh
EXPOSE 80
STOPSIGNAL SIGQUIT
ENTRYPOINT ["/docker-entrypoint.sh"]
CMD ["nginx", "-g", "daemon off;"]
