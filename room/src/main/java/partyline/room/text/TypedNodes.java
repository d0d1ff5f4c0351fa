package partyline.room.text;

import java.util.Map;
import java.util.Set;
import org.commonmark.node.Image;
import org.commonmark.node.LinkReferenceDefinition;
import org.commonmark.node.Node;
import org.commonmark.node.SourceSpan;
import org.commonmark.renderer.NodeRenderer;
import org.commonmark.renderer.html.HtmlNodeRendererContext;
import org.commonmark.renderer.html.HtmlWriter;

/**
 * What a chat shows otherwise than a document does. An image is a link to it: nobody's browser
 * loads what a stranger chose. A link's definition, which a document hides, is shown as it was
 * typed: what a message says and what it shows must not differ.
 */
final class TypedNodes implements NodeRenderer {

  private final HtmlNodeRendererContext context;
  private final HtmlWriter html;
  private final String text;

  TypedNodes(HtmlNodeRendererContext context, String text) {
    this.context = context;
    this.html = context.getWriter();
    this.text = text;
  }

  @Override
  public Set<Class<? extends Node>> getNodeTypes() {
    return Set.of(Image.class, LinkReferenceDefinition.class);
  }

  @Override
  public void render(Node node) {
    switch (node) {
      case Image image -> link(image);
      case LinkReferenceDefinition definition -> asTyped(definition);
      default -> throw new IllegalArgumentException("not asked for: " + node);
    }
  }

  private void link(Image image) {
    String url = context.encodeUrl(image.getDestination());
    html.tag("a", Map.of("href", url));
    if (image.getFirstChild() == null) {
      html.text(image.getDestination());
    }
    for (Node child = image.getFirstChild(); child != null; child = child.getNext()) {
      context.render(child);
    }
    html.tag("/a");
  }

  private void asTyped(LinkReferenceDefinition definition) {
    html.tag("p");
    boolean first = true;
    for (SourceSpan line : definition.getSourceSpans()) {
      if (!first) {
        html.raw("<br />");
      }
      html.text(text.substring(line.getInputIndex(), line.getInputIndex() + line.getLength()));
      first = false;
    }
    html.tag("/p");
  }
}
