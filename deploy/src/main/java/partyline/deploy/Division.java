package partyline.deploy;

import partyline.room.Partitions;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** How the rooms of a cluster are divided. */
final class Division {

  @Option(
      names = "--partitions",
      paramLabel = "P",
      defaultValue = "1",
      converter = Count.class,
      description =
          "Into how many its rooms are divided, "
              + Partitions.NUMBERS
              + "; of a cluster that runs already, what it says. Default: ${DEFAULT-VALUE}.")
  Partitions partitions = Partitions.ONE;

  static final class Count implements ITypeConverter<Partitions> {
    @Override
    public Partitions convert(String word) {
      return Partitions.parse(word)
          .orElseThrow(() -> new TypeConversionException("write " + Partitions.NUMBERS));
    }
  }
}
