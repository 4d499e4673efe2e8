# The one program in all its roles. The jars are built outside: mvn -DskipTests package (or any ./ledger command) first.
# It runs as nobody in particular, on a file system that may be read-only but for /tmp and the folder of its data.
ARG JAVA_IMAGE=eclipse-temurin:17-jre
FROM ${JAVA_IMAGE}
RUN mkdir -p /var/lib/flag-ledger/state /var/lib/flag-ledger/auth && chown -R 10001:10001 /var/lib/flag-ledger
COPY deploy/compose/ledger deploy/compose/ready /usr/local/bin/
COPY cli/target/dist/lib /opt/flag-ledger/lib
USER 10001:10001
WORKDIR /var/lib/flag-ledger
ENV LEDGER_HOST=0.0.0.0 LEDGER_HTTP_PORT=8080 LEDGER_STATE=/var/lib/flag-ledger/state LEDGER_AUTH=/var/lib/flag-ledger/auth
EXPOSE 8080
VOLUME /var/lib/flag-ledger/state /var/lib/flag-ledger/auth
HEALTHCHECK --interval=5s --timeout=5s --start-period=180s --retries=12 CMD ["/usr/local/bin/ready"]
ENTRYPOINT ["/usr/local/bin/ledger"]
CMD ["serve"]
