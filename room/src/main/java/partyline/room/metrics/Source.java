package partyline.room.metrics;

/** Something that has numbers to tell whenever it is asked; by any thread, at every scrape. */
public interface Source {

  void tell(Listener listener);

  /** Who is told. The same metric with the same words, told twice, is added up. */
  interface Listener {

    /**
     * @param words of the metric's labels, in their order
     */
    void value(Metric metric, double value, String... words);

    default void value(Metric metric, long value, String... words) {
      value(metric, (double) value, words);
    }

    void histogram(Metric metric, Histogram histogram, String... words);
  }
}
