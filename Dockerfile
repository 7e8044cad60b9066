# The image is the one static binary: COPY --from=wasm-init /wasm-init /sbin/
#
#   docker build -t wasm-init .
#
# BASE is any Debian or Ubuntu image with Node 20 or newer.
ARG BASE=docker.io/library/node:22-bookworm-slim
FROM ${BASE} AS build
WORKDIR /src
RUN apt-get update \
  && apt-get install -y --no-install-recommends gcc libc6-dev \
  && rm -rf /var/lib/apt/lists/*
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build && node_modules/.bin/vitest run test/core
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
