package dev.recado.config;

import dev.recado.base.SettingValues;

/**
 * Shares of the heap, in percent.
 *
 * @param heapMarkPercent heap in use at which publishers are stopped
 * @param tailCachePercent recent and memory-only messages
 */
public record MemoryConfig(int heapMarkPercent, int tailCachePercent) {

    static MemoryConfig of(SettingValues values) {
        return new MemoryConfig(
                values.integer("memory.heap-mark-percent"), values.integer("memory.tail-cache-percent"));
    }
}
