#!/bin/bash
# PID 1 of the real node, in its own network, mount and PID namespaces: all that it mounts and starts ends with it.
# usage: cd <the node's folder>; init.sh HOST_ADDRESS NODE_ADDRESS NODE_NAME KUBELET KUBE_PROXY CONTAINERD
set -euo pipefail
host_address=$1 node_address=$2 node_name=$3 kubelet=$4 kube_proxy=$5 containerd=$6

# Later mounts of the machine must not appear here, and mounts made here must not appear on the machine.
mount --make-rprivate /

# The folder and the binaries get fixed paths first, because the next mounts may hide their own paths.
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

# The kubelet changes these settings of the whole machine unless they have its values. Here it reads files that have
# them, and the machine keeps its own.
for setting in vm/overcommit_memory=1 vm/panic_on_oom=0 kernel/panic=10 kernel/panic_on_oops=1 \
  kernel/keys/root_maxkeys=1000000 kernel/keys/root_maxbytes=25000000; do
  file=/run/sysctl/${setting//[\/=]/-}
  echo "${setting#*=}" >"$file"
  mount --bind "$file" "/proc/sys/${setting%=*}"
done
# Containers must see the volumes that the kubelet mounts.
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

# When one of its processes ends, the whole node ends: that is easy to see, and the next start makes a new node.
wait -n || true
echo "one of containerd, kubelet and kube-proxy has ended" >&2
exit 1
