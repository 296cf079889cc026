# The daemon, without a shell account, on a read-only root: see README, "In a container".

FROM python:3.13-slim AS build
WORKDIR /src
RUN python -m venv /opt/monitor
# First what changes seldom: the locked, hashed dependencies.
COPY requirements.lock ./
RUN /opt/monitor/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY monitor ./monitor
COPY checks ./checks
RUN /opt/monitor/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.13-slim
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin monitor \
 && install -d -o monitor -g monitor -m 700 /var/lib/monitor
COPY --from=build /opt/monitor /opt/monitor
ENV PATH=/opt/monitor/bin:$PATH PYTHONUNBUFFERED=1 \
    MONITOR_CONFIG=/etc/monitor/monitor.yaml \
    MONITOR_WEB__LISTEN=0.0.0.0:9464 \
    MONITOR_STORE__PATH=/var/lib/monitor/monitor.db
# What runs have made and not yet removed: without the volume, only a killed container can leave something behind.
VOLUME /var/lib/monitor
USER 10001
EXPOSE 9464
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s CMD ["python", "-m", "monitor.web.healthcheck"]
ENTRYPOINT ["monitor"]
CMD ["run"]
