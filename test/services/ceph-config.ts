/** Where one small Ceph cluster keeps its files and listens. */
export type CephPlace = { folder: string; clusterId: string; monitorPort: number; gatewayPort: number }

/**
 * The configuration file of a Ceph cluster of one monitor, one storage daemon (all in memory) and one gateway.
 * Two lines are about speed: with Ceph's own `paxos_*` values the start takes 12 s instead of 1, and without
 * `tcp_nodelay` many small answers wait 40 ms.
 */
export function cephConfig({ folder, clusterId, monitorPort, gatewayPort }: CephPlace): string {
  return `[global]
fsid = ${clusterId}
mon_host = v2:127.0.0.1:${monitorPort}
public_addr = 127.0.0.1
cluster_addr = 127.0.0.1
ms_bind_port_min = 20000
ms_bind_port_max = 29999
auth_cluster_required = cephx
auth_service_required = cephx
auth_client_required = cephx
auth_allow_insecure_global_id_reclaim = false
keyring = ${folder}/keyring
run_dir = ${folder}/run
admin_socket = ${folder}/run/$name.$pid.asok
pid_file =
crash_dir = ${folder}/crash
log_file = ${folder}/$name.log
log_to_stderr = false
mon_data = ${folder}/mon
mon_cluster_log_file = ${folder}/cluster.log
mon_data_avail_crit = 0
osd_data = ${folder}/osd
osd_objectstore = memstore
memstore_device_bytes = 4294967296
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 4
osd_pool_default_pg_autoscale_mode = off
osd_crush_chooseleaf_type = 0
osd_class_load_list = *
mon_max_pg_per_osd = 2000
mon_allow_pool_size_one = true
paxos_propose_interval = 0.05
paxos_min_wait = 0.02
debug_rgw = 0
[client.rgw.a]
rgw_frontends = beast endpoint=127.0.0.1:${gatewayPort} tcp_nodelay=1
rgw_data = ${folder}/rgw
rgw_run_sync_thread = false
rgw_thread_pool_size = 64
`
}
