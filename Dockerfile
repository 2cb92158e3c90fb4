# One image for every process; docker-compose.yml says which one a container runs.
# The repository is copied whole: TypeScript runs as it is, and types are not stripped below node_modules.
FROM node:24-bookworm-slim

WORKDIR /app
RUN chown node:node /app
USER node

COPY --chown=node:node . .
# With the development dependencies, for what is generated needs them; postinstall generates it.
RUN npx -y pnpm@10.34.8 install --frozen-lockfile
RUN node apps/portal/build.ts
# Node keeps what it makes of the sources; they are loaded once here, and end for want of a configuration.
ENV NODE_ENV=production NODE_COMPILE_CACHE=node_modules/.cache/tributary MALLOC_ARENA_MAX=2
RUN node --max-semi-space-size=8 apps/api/src/main.ts || true
RUN node --max-semi-space-size=4 --heap-growing-percent=60 apps/worker/src/main.ts || true

# node itself, not npm: it gets the signals that ask it to stop.
CMD ["node", "--max-semi-space-size=8", "apps/api/src/main.ts"]
