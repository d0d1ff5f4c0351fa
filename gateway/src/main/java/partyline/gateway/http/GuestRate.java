package partyline.gateway.http;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import partyline.room.Limits;

/**
 * How many guests an address has made in its current minute. An IPv6 address counts as its /64:
 * that is what one household gets.
 *
 * <p>Thread-safe. The table is bounded; when it is full, the address that asked longest ago is
 * forgotten.
 */
final class GuestRate {

  private static final int MINUTE_SECONDS = 60;
  private static final int IPV6_HOUSEHOLD_BYTES = 8;

  private record Minute(long startSecond, int guests) {}

  private final Map<InetAddress, Minute> minutes =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<InetAddress, Minute> eldest) {
          return size() > Limits.GUEST_RATE_ADDRESSES;
        }
      };

  /** Counts one guest: 0 = welcome, else the seconds to wait. */
  synchronized int take(InetAddress address, long nowSecond) {
    InetAddress household = household(address);
    Minute minute = minutes.get(household);
    if (minute == null || nowSecond - minute.startSecond() >= MINUTE_SECONDS) {
      minute = new Minute(nowSecond, 0);
    }
    if (minute.guests() >= Limits.GUESTS_PER_ADDRESS_MINUTE) {
      return (int) (minute.startSecond() + MINUTE_SECONDS - nowSecond);
    }
    minutes.put(household, new Minute(minute.startSecond(), minute.guests() + 1));
    return 0;
  }

  synchronized int addresses() {
    return minutes.size();
  }

  /** What is common to all addresses of one household. */
  static InetAddress household(InetAddress address) {
    if (!(address instanceof Inet6Address)) {
      return address;
    }
    byte[] bytes = address.getAddress();
    Arrays.fill(bytes, IPV6_HOUSEHOLD_BYTES, bytes.length, (byte) 0);
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
