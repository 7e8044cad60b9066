# The image is the one static binary: COPY --from=wasm-init /wasm-init /sbin/
#
#   docker build -t wasm-init .
#
# BASE is any Debian or Ubuntu image with Node 20 or newer. Where npm needs another registry than
# its own, or the system's certificates, two arguments say so: they reach the build stage alone.
ARG BASE=docker.io/library/node:22-bookworm-slim
FROM ${BASE} AS build
WORKDIR /src
RUN apt-get update \
  && apt-get install -y --no-install-recommends gcc libc6-dev \
  && rm -rf /var/lib/apt/lists/*
# From the slowest and least often changed to the quickest: what changes a test alone installs
# nothing and builds nothing. The set-up runs npm ci, and notes it, so that the build won't again.
COPY package.json package-lock.json .npmrc ./
COPY tools/setup/ tools/setup/
ARG npm_config_registry
ARG NODE_EXTRA_CA_CERTS
RUN node tools/setup/setup.mjs
COPY *.json ./
COPY assembly/ assembly/
COPY host/ host/
COPY replay/ replay/
COPY tools/ tools/
RUN npm run build
COPY . .
RUN node_modules/.bin/vitest run test/core
RUN mkdir /image && cp build/wasm-init /image/ && cd /image \
  && for name in dumb-init tini docker-init catatonit; do ln -s wasm-init "$name"; done

FROM scratch
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="wasm-init" \
  org.opencontainers.image.description="A container init whose decisions are a Wasm core" \
  org.opencontainers.image.source="https://github.com/wasm-init/wasm-init" \
  org.opencontainers.image.version="${VERSION}" \
  org.opencontainers.image.revision="${REVISION}" \
  org.opencontainers.image.licenses="MIT"
COPY --from=build /image/ /
ENTRYPOINT ["/wasm-init", "--"]
