#!/bin/sh
# Makes of rules.yaml what the Prometheus operator reads:
#   deploy/prometheus/kubernetes.sh > k8s/components/monitoring/rules.yaml
cd "$(dirname "$0")" || exit
cat <<'HEAD'
# Made of deploy/prometheus/rules.yaml by deploy/prometheus/kubernetes.sh; a test holds one against the other.
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: partyline
spec:
HEAD
sed -e '/^#/d' -e 's/^./  &/' rules.yaml
