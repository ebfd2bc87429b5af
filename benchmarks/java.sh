# Sets JAVA and JAVA_HOME to a JDK of version 25 or newer; sourced by the scripts beside it.
for home in "${JAVA_HOME:-}" $(ls -d /usr/lib/jvm/*25* /opt/*jdk*25* "$HOME"/.sdkman/candidates/java/25* 2>/dev/null || true) \
  "$(dirname "$(dirname "$(readlink -f "$(command -v java || echo /nonexistent/bin/java)")")")"; do
  if [ -x "$home/bin/javac" ] && [ "$("$home/bin/java" -XshowSettings:properties -version 2>&1 |
    awk '/java.specification.version =/ { print $3 }')" -ge 25 ] 2>/dev/null; then
    export JAVA_HOME="$home" JAVA="$home/bin/java"
    break
  fi
done
[ -n "${JAVA:-}" ] || { echo "no JDK 25 found: set JAVA_HOME" >&2; exit 1; }
