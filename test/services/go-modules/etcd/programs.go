//go:build tools

// Package etcd names the program that is built, so that go.mod and go.sum hold what it needs.
package etcd

import _ "go.etcd.io/etcd/server/v3"
