"""The embedded Redis Cluster: formed, whole, and the same again when it is started on its folder."""

from __future__ import annotations

from pathlib import Path

from common.redis.address import addresses
from deploy.embedded.redis_cluster import MASTERS, RedisCluster
from tests.support.redis import open_client


def test_what_it_was_told_is_there_when_it_is_started_again(tmp_path: Path) -> None:
    with RedisCluster(tmp_path) as cluster:
        url = cluster.url
        assert len(addresses(url)) == 2 * MASTERS
        assert (len(cluster.masters()), len(cluster.replicas())) == (MASTERS, MASTERS)
        with open_client(url) as client:
            client.set("k", "kept")
        cluster.empty()
        with open_client(url) as client:
            assert client.get("k") is None
            client.set("k", "kept")
    assert not any(node.running for node in cluster.nodes)
    with RedisCluster(tmp_path) as again:
        assert again.url == url
        with open_client(url) as client:
            assert client.get("k") == b"kept"


def test_a_master_that_is_killed_comes_back_beside_whoever_took_its_place(tmp_path: Path) -> None:
    with RedisCluster(tmp_path) as cluster:
        fallen = cluster.master_of("k")
        fallen.kill()
        assert not cluster.running
        cluster.start()
        assert cluster.running
        assert (len(cluster.masters()), len(cluster.replicas())) == (MASTERS, MASTERS)
        master = cluster.master_of("k")
        cluster.hand_over("k")
        assert cluster.master_of("k") != master
