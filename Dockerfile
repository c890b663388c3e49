# The same commands as on a machine: the image is a prepared clone, and it starts as `npm start` does.
FROM node:20-bookworm-slim
ENV NEXT_TELEMETRY_DISABLED=1
RUN mkdir -p /fairlead /data && chown node:node /fairlead /data
USER node
WORKDIR /fairlead
COPY --chown=node:node . .
RUN node scripts/start.mjs --build-only
ENV FAIRLEAD_DATA_DIR=/data
VOLUME /data
EXPOSE 4400
CMD ["node", "scripts/start.mjs"]
