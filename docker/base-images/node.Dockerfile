# A stand-in for node:20-trixie-slim: this machine's Node.js and npm.
FROM debian:trixie-slim
COPY --from=node-bin node /usr/local/bin/node
COPY --from=npm . /usr/local/lib/node_modules/npm
# What the host trusts, Node must be told of.
ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm \
    && ln -s ../lib/node_modules/npm/bin/npx-cli.js /usr/local/bin/npx \
    && groupadd --gid 1000 node && useradd --uid 1000 --gid node --create-home node \
    && node --version && npm --version
CMD ["node"]
