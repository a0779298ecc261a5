//go:build tools

// Package vitess names the programs that are built, so that go.mod and go.sum hold what they need.
package vitess

import (
	_ "vitess.io/vitess/go/cmd/vtctld"
	_ "vitess.io/vitess/go/cmd/vtctldclient"
	_ "vitess.io/vitess/go/cmd/vtgate"
	_ "vitess.io/vitess/go/cmd/vtorc"
	_ "vitess.io/vitess/go/cmd/vttablet"
)
