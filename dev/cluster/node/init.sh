#!/bin/bash
# PID 1 of the real node, in network, mount and PID namespaces of its own: all that it mounts and starts ends with it.
# usage: cd <the node's folder>; init.sh HOST_ADDRESS NODE_ADDRESS NODE_NAME KUBELET KUBE_PROXY CONTAINERD
set -euo pipefail
host_address=$1 node_address=$2 node_name=$3 kubelet=$4 kube_proxy=$5 containerd=$6

# What the machine mounts later shall not appear here, nor the other way round.
mount --make-rprivate /

# The folder and the binaries move to fixed places first, since any of them may lie below a folder that is hidden next.
mkdir -p bin kubelet logs
touch bin/kubelet bin/kube-proxy
mount --bind "$kubelet" bin/kubelet
mount --bind "$kube_proxy" bin/kube-proxy
mount --bind ../logs logs
mount -t tmpfs -o mode=755 tmpfs /run
mkdir /run/node
mount --no-canonicalize --rbind . /run/node
cd /run/node
mount -t tmpfs -o mode=755 tmpfs /var/lib
mount -t tmpfs -o mode=755 tmpfs /var/log
mkdir -p /run/containerd /run/sysctl /var/lib/kubelet /var/lib/cni /var/log/pods /var/log/containers
mount --bind kubelet /var/lib/kubelet

# The kubelet sets these for the whole machine unless they have its values: it is shown them, and the machine keeps its own.
for setting in vm/overcommit_memory=1 vm/panic_on_oom=0 kernel/panic=10 kernel/panic_on_oops=1 \
  kernel/keys/root_maxkeys=1000000 kernel/keys/root_maxbytes=25000000; do
  file=/run/sysctl/${setting//[\/=]/-}
  echo "${setting#*=}" >"$file"
  mount --bind "$file" "/proc/sys/${setting%=*}"
done
# Volumes that the kubelet mounts must reach the containers.
mount --make-rshared /

ip link set lo up
until ip link show eth0 >/dev/null 2>&1; do sleep 0.02; done
ip address add "$node_address/30" dev eth0
ip link set eth0 up
ip route add default via "$host_address"
echo 1 >/proc/sys/net/ipv4/ip_forward

"$containerd" --config containerd.toml >>logs/containerd.log 2>&1 &
until [ -f kubeconfig ]; do
  sleep 0.02
  kill -0 $! || exit 1
done
bin/kubelet --config kubelet.json --kubeconfig kubeconfig --hostname-override "$node_name" \
  --node-ip "$node_address" --root-dir /var/lib/kubelet --cert-dir /run/kubelet-pki >>logs/kubelet.log 2>&1 &
bin/kube-proxy --config kube-proxy.json >>logs/kube-proxy.log 2>&1 &

# A node that has lost a part is no node: it ends as a whole, which is plain to see, and a start makes a new one.
wait -n || true
echo "one of containerd, kubelet and kube-proxy has ended" >&2
exit 1
