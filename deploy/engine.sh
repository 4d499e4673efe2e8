#!/usr/bin/env bash
# Makes sure that containers can be run here, and that the images are there which docker-compose.yml and the container
# tests name. Meant for CI and for machines without an image registry: where Docker runs and can pull, none of it is needed.
#
#   deploy/engine.sh            an engine, compose, and stand-ins for the images that are missing
#   deploy/engine.sh stop       ends the engine that this script started
#
# Needs Debian, root, a JDK 17 with jmods and Maven; the network only for Debian's and Maven's own packages.
# A stand-in has the name of the image that it stands for and the same program from the same jars, but was built here:
# not that image's Linux, Java or file layout. The script says which are stand-ins.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
source versions

run=/run/flag-ledger-engine
say() { printf 'engine: %s\n' "$*"; }
fail() { printf '\n*** engine: %s\n*** CONTAINERS WERE NOT TESTED HERE\n\n' "$*" >&2; exit 1; }

if [ "${1:-}" = stop ]; then
  [ -f $run/pid ] || { say 'this script has started no engine'; exit 0; }
  kill "$(cat $run/pid)" 2>/dev/null || true
  rm -f $run/pid
  exit 0
fi

packages() { # from Debian, without starting anything
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || fail "$* is missing, and can be installed only by root on a Debian: install it yourself"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null || fail "apt-get could not install $*"
}

# Compose v2 came with Debian 13; its package runs on 12 as well. The lists of that release stay apart from the machine's.
compose_of_debian_13() {
  local work options
  work=$(mktemp -d)
  mkdir -p "$work"/{none,lists/partial,cache/archives/partial}
  # the machine's own sources, but of the later release
  awk 'BEGIN {RS = ""} NR == 1' /etc/apt/sources.list.d/debian.sources | sed 's/^Suites:.*/Suites: trixie/' >"$work/trixie.sources"
  options=(-o Dir::Etc::sourcelist="$work/trixie.sources" -o Dir::Etc::sourceparts="$work/none" -o Dir::State::lists="$work/lists"
    -o Dir::Cache="$work/cache" -o APT::Sandbox::User=root)
  apt-get -qq "${options[@]}" update || fail 'the lists of Debian 13 can not be had, and Debian 12 has no docker compose v2'
  (cd "$work" && apt-get -qq "${options[@]}" download docker-compose && dpkg-deb -x docker-compose_*.deb unpacked)
  install -D "$work"/unpacked/usr/libexec/docker/cli-plugins/docker-compose /usr/libexec/docker/cli-plugins/docker-compose
  rm -rf "$work"
}

start_engine() {
  command -v dockerd >/dev/null || { say 'installing docker.io'; packages docker.io; }
  mkdir -p $run
  say 'starting dockerd, which forwards nothing and publishes on this machine only'
  setsid nohup dockerd --iptables=false --ip6tables=false --ip-forward=false --ip-masq=false --ip=127.0.0.1 >$run/log 2>&1 &
  echo $! >$run/pid
  for _ in $(seq 60); do docker info >/dev/null 2>&1 && return; sleep 0.5; done
  tail -5 $run/log >&2
  fail "dockerd does not start; all it said is in $run/log"
}

docker info >/dev/null 2>&1 || start_engine
docker compose version >/dev/null 2>&1 || { say 'installing docker compose'; compose_of_debian_13; }
docker compose version >/dev/null 2>&1 || fail 'docker compose is missing'

missing() { ! docker image inspect "$1" >/dev/null 2>&1 && ! timeout 60 docker pull -q "$1" >/dev/null 2>&1; }

if missing "$JAVA_IMAGE"; then
  images/base/make "$JAVA_IMAGE" "" || fail "no stand-in for $JAVA_IMAGE"
  say "$JAVA_IMAGE is a STAND-IN: this machine's Java and a few of its tools"
fi
if missing "$KAFKA_IMAGE"; then
  images/kafka/make "$JAVA_IMAGE" "$KAFKA_IMAGE" || fail "no stand-in for $KAFKA_IMAGE"
  say "$KAFKA_IMAGE is a STAND-IN: the same version's jars from Maven"
fi
if missing "$REGISTRY_IMAGE"; then
  images/registry/make "$REGISTRY_IMAGE" || fail "no stand-in for $REGISTRY_IMAGE"
  say "$REGISTRY_IMAGE is a STAND-IN: the same version's program from Maven"
fi
if missing "$PROMETHEUS_IMAGE"; then
  images/prometheus/make "$JAVA_IMAGE" "$PROMETHEUS_IMAGE" || fail "no stand-in for $PROMETHEUS_IMAGE"
  say "$PROMETHEUS_IMAGE is a STAND-IN: Debian's package, an older version"
fi
say "$(docker version --format 'Docker {{.Server.Version}}'), compose $(docker compose version --short), ready"
