# Flowcatch as an image: the server, what it runs on, and the built client. See docs/deploy.md.
#
# The base of the first two stages brings Node, and the last takes its binary from there: npm, yarn and the headers, which
# no start needs, stay behind. The npm package `node`, which pins it where there is no image, would bring it a second time:
# its binary comes from an install script, and no other package needs one, so scripts stay off.

FROM node:24.21.0-trixie-slim AS client
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --prefer-offline --no-audit --no-fund --fetch-timeout=30000 --fetch-retries=5
COPY shared shared
COPY server/connectors server/connectors
COPY client client
RUN node client/build.ts

FROM node:24.21.0-trixie-slim AS app
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --prefer-offline --no-audit --no-fund --fetch-timeout=30000 --fetch-retries=5
# What no start reads: maps, manuals, tests, and the TypeScript of packages, which Node would not run. Licences stay.
RUN find node_modules -type f \( -name '*.map' -o -name '*.ts' -o -name '*.[cm]ts' -o -name '*.md' \) \
      ! -iname 'licen[cs]e*' ! -iname 'notice*' -delete && \
    find node_modules -type d -name test -prune -exec rm -r {} +
COPY shared shared
COPY server server
COPY --from=client /app/client/dist client/dist
# Started once, so that a container does not compile at each start. Node keeps what it compiled for each user apart:
# it is made as the user that it is for. A server that cannot start ends the build here.
RUN mkdir node_modules/.cache && chown 1000:1000 node_modules/.cache
USER 1000:1000
RUN DATA_DIR=node_modules/.cache/once PORT=0 node server/boot.js & \
    until [ -e node_modules/.cache/once/address ] || ! kill -0 $!; do sleep 0.2; done; \
    kill $! && wait $! && rm -r node_modules/.cache/once && chmod -R a+rX node_modules/.cache

# What the base of the stages before is made from, so that Node finds the same libraries.
FROM debian:trixie-slim
LABEL org.opencontainers.image.title="Flowcatch" \
      org.opencontainers.image.description="Catch webhooks, draw what happens next, and see every run" \
      org.opencontainers.image.licenses="MIT"
# The last one: memory of large bodies goes back to the machine when they are done with, and is not kept for the next.
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=3000 \
    DATA_DIR=/data \
    MALLOC_MMAP_THRESHOLD_=262144
RUN mkdir -m 700 /data && chown 1000:1000 /data
COPY --from=app /usr/local/bin/node /usr/local/bin/
# A library that Node misses here ends the build, and not the first start.
RUN node --version
WORKDIR /app
# Belongs to root: the server cannot change its own code.
COPY --from=app /app ./
USER 1000:1000
VOLUME /data
EXPOSE 3000
# What is under way gets 30 seconds: give a container 40 (`--stop-timeout 40`), which an image cannot say.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "server/boot.js"]
