# The package, installed with the packages that the lock names; nothing of the build is left in the image.
# The base has glibc, which the runtime of Workers needs.
FROM node:26.10.0-slim AS build
WORKDIR /build
COPY . .
RUN npm ci --ignore-scripts \
  && npm pack \
  && mkdir /app /state \
  && tar -xzf apis-emulator-*.tgz -C /app --strip-components=1 \
  && npm prune --omit=dev --ignore-scripts \
  && rm -rf node_modules/node-* \
  && mv node_modules /app/

FROM node:26.10.0-slim
COPY --from=build /app /app
COPY --from=build --chown=node:node /state /state
USER node
WORKDIR /state
VOLUME /state
EXPOSE 4390
# Any answer will do but that of a server that fails: a closed community asks for a key.
HEALTHCHECK --interval=10s --timeout=5s --retries=6 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:4390/get/acc').then(({ status }) => process.exit(status < 500 ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/app/bin/apis-emulator.js"]
CMD ["start", "--host", "0.0.0.0", "--persist", "/state"]
