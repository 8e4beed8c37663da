# A stand-in for rust:1.95-slim-trixie: this machine's toolchain, with the linker and C library that crates need.
FROM debian:trixie-slim
ENV RUSTUP_HOME=/usr/local/rustup CARGO_HOME=/usr/local/cargo PATH=/usr/local/cargo/bin:/usr/local/rustup/bin:$PATH
RUN apt-get update \
    && apt-get install -y --no-install-recommends gcc libc6-dev \
    && rm -rf /var/lib/apt/lists/*
COPY --from=toolchain-bin . /usr/local/rustup/bin
COPY --from=toolchain-lib . /usr/local/rustup/lib
RUN cargo --version && rustc --version
CMD ["bash"]
