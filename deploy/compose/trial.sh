# What the trials share; to be sourced by one, after it has said which compose project and which files are its own.
# They run beside whatever else does: ports, project and volumes are theirs, and are taken away at the end; KEEP=1 leaves them.
set -euo pipefail
trial=${0##*/}
ledger=(java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp 'cli/target/dist/lib/*' io.flagledger.cli.Main)

free_port() {
  local port
  while :; do
    port=$((20000 + RANDOM % 12000))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
  done
}
for name in KAFKA_1 KAFKA_2 KAFKA_3 REGISTRY CONSOLE GATEWAY_1 GATEWAY_2 FLAGD_1 FLAGD_2 FAR PROMETHEUS; do
  declare -x "${name}_PORT=$(free_port)"
done
work=$(mktemp -d)
echo "schema.registry.url=http://localhost:$REGISTRY_PORT/apis/ccompat/v7" >"$work/kafka.properties"
export LEDGER_BOOTSTRAP=localhost:$KAFKA_1_PORT,localhost:$KAFKA_2_PORT,localhost:$KAFKA_3_PORT LEDGER_KAFKA_CONFIG=$work/kafka.properties LEDGER_ACTOR=dana

begin=$SECONDS
say() { printf '\n== %s (after %d s)\n' "$*" $((SECONDS - begin)); }
fail() { printf '\n*** %s: %s\n' "$trial" "$*" >&2; exit 1; }
finish() {
  local status=$?
  if [ "$status" -ne 0 ]; then
    docker compose ps -a || true
    docker compose logs --tail 15 --no-log-prefix console gateway-1 projector-1 projector-2 || true
  fi
  rm -rf "$work"
  [ -n "${KEEP:-}" ] || docker compose --profile observability down -v --timeout 10 >/dev/null 2>&1 || true
  exit "$status"
}
trap finish EXIT

[ -d cli/target/dist/lib ] || fail 'build first: mvn -DskipTests package'
docker compose version >/dev/null 2>&1 || fail 'there is no docker compose here: deploy/engine.sh makes one'

run() { "${ledger[@]}" "$@"; }
says() { # text, command …: whose output must hold the text
  local text=$1 out status=0
  shift
  out=$("$@" 2>&1) || status=$?
  case $out in *"$text"*) out=${out%%$'\n'*}; printf '   %s\n' "${out:0:160}" ;; *) printf '%s\n' "$out"; fail "'$*' does not say '$text'" ;; esac
  return $status
}
shows() { says "$@" || fail "'${*:2}' ended with an error"; }
refuses() { ! says "$@" || fail "'${*:2}' ended without an error"; }
until_says() { # seconds, text, command …
  local end=$((SECONDS + $1)) text=$2 out=
  shift 2
  while :; do
    out=$("$@" 2>&1) || true
    case $out in *"$text"*) return ;; esac
    [ "$SECONDS" -lt "$end" ] || { printf '%s\n' "$out"; fail "'$*' does not come to say '$text'"; }
    sleep 1
  done
}
up() { docker compose --progress quiet up --wait --wait-timeout 540 "$@" || fail '`up --wait` ended with an error'; }
sign_in() { token=$(docker compose exec -T console ledger token --subject dana); }
ask() { # port, path, curl's options …
  local where=localhost:$1/api/v1/environments/gastown-production/$2
  shift 2
  curl -sS --max-time 10 "$where" -H "Authorization: Bearer $token" -H 'Content-Type: application/json' "$@"
}
evaluation() { # port
  ask "$1" evaluations -d '{"flag": "checkout", "context": {"targetingKey": "eve", "orgId": "evil"}}'
}
