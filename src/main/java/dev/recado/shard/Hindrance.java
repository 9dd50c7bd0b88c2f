package dev.recado.shard;

import dev.recado.base.Refusal;

/** Why a part of a transaction cannot be done now; whether that may pass. */
record Hindrance(Refusal why, boolean mayPass) {}
