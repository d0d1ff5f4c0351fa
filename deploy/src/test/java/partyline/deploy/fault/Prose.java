package partyline.deploy.fault;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;

/**
 * What people might write: in each of some languages, few words that are in every sentence, some
 * that are in many, and very many that are hardly ever said. As in real texts the n-th word is said
 * about 1/n times as often as the first.
 */
final class Prose {
  private static final List<List<String>> COMMON =
      List.of(
          List.of("the", "to", "and", "is", "it", "you", "that", "for", "of", "we", "have", "not"),
          List.of("die", "und", "ist", "das", "nicht", "ich", "der", "zu", "wir", "mit", "auch"),
          List.of("le", "de", "et", "la", "pas", "je", "que", "est", "les", "vous", "pour", "une"),
          List.of("que", "el", "no", "por", "una", "los", "con", "para", "está", "pero", "muy"),
          List.of("и", "не", "что", "это", "как", "на", "мы", "есть", "для", "если", "уже"),
          List.of("في", "من", "على", "هذا", "أن", "لا", "مع", "كان", "هل", "إلى", "كل"));
  private static final List<String> SYLLABLES =
      List.of("or", "ta", "shi", "mel", "ko", "dra", "ven", "li", "qua", "sto", "rin", "pe", "gu");
  private static final List<String> CYRILLIC =
      List.of("ор", "та", "ши", "мел", "ко", "дра", "вен", "ли", "ква", "сто", "рин", "пе", "гу");
  private static final List<String> ARABIC =
      List.of("ور", "تا", "شي", "مل", "كو", "در", "ون", "لي", "قا", "ست", "رن", "بي", "جو");

  static final int LANGUAGES = COMMON.size();
  static final int WORDS = 30_000;

  private final List<List<String>> words = new ArrayList<>();
  private final double[] upTo = new double[WORDS];

  Prose() {
    for (int language = 0; language < LANGUAGES; language++) {
      words.add(words(language));
    }
    double sum = 0;
    for (int i = 0; i < WORDS; i++) {
      sum += 1.0 / (i + 3);
      upTo[i] = sum;
    }
  }

  private static List<String> words(int language) {
    var random = new Random(language);
    List<String> of = language == 4 ? CYRILLIC : language == 5 ? ARABIC : SYLLABLES;
    var made = new LinkedHashSet<String>(COMMON.get(language));
    while (made.size() < WORDS) {
      var word = new StringBuilder();
      for (int i = 2 + random.nextInt(4); i > 0; i--) {
        word.append(of.get(random.nextInt(of.size())));
      }
      // Each language has its own, but for those that both happen to have.
      made.add(word.append("aeiouy".charAt(language)).toString());
    }
    return List.copyOf(made);
  }

  /** Of one language; the first is the most frequent. */
  String word(int language, int rank) {
    return words.get(language).get(rank);
  }

  /** Three words, mostly more, now and then a number of something. */
  String sentence(RandomGenerator random) {
    int language = (int) (LANGUAGES * random.nextDouble() * random.nextDouble());
    int length = 3 + (int) Math.min(60, -12 * Math.log(1 - random.nextDouble()));
    var text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append(word(language, rank(random))).append(' ');
    }
    if (random.nextInt(10) == 0) {
      text.append("#").append(random.nextInt(1_000_000));
    }
    return text.toString().strip();
  }

  private int rank(RandomGenerator random) {
    double wanted = random.nextDouble() * upTo[WORDS - 1];
    int low = 0;
    int high = WORDS - 1;
    while (low < high) {
      int middle = (low + high) / 2;
      if (upTo[middle] < wanted) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
