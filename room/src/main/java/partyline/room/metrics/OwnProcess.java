package partyline.room.metrics;

import io.netty.util.internal.PlatformDependent;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;

/** What the JVM and Netty know of this process and Micrometer does not tell. */
final class OwnProcess implements Source {

  @Override
  public void tell(Listener listener) {
    listener.value(Metric.DIRECT_MEMORY, PlatformDependent.usedDirectMemory());
    listener.value(Metric.DIRECT_MEMORY_MAX, PlatformDependent.maxDirectMemory());
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      String name = collector.getName();
      listener.value(Metric.GC_TIME, collector.getCollectionTime() / 1e3, name);
      listener.value(Metric.GC_RUNS, collector.getCollectionCount(), name);
    }
  }
}
