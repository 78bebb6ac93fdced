using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Realtime.Host.Configuration;

/// <summary>
/// Reads YAML into nodes that know their place. Only what a config needs is let in: one document, no anchors, no tags,
/// bounded depth and size, so that no file can exhaust the program.
/// </summary>
internal sealed class ConfigTreeReader(ConfigProblems problems)
{
    /// <summary>The deepest config is 4 levels; the rest is room to give a useful message rather than this one.</summary>
    private const int MaxDepth = 16;

    private bool _refused;

    /// <summary>The document's one mapping, or null with at least one problem added.</summary>
    public MappingNode? Read(string text)
    {
        try
        {
            var parser = new Parser(new Scanner(new StringReader(text), skipComments: true));
            parser.Consume<StreamStart>();
            if (parser.Accept<StreamEnd>(out _)) return Empty();
            parser.Consume<DocumentStart>();
            var node = ReadNode(parser, 0);
            if (node is null || _refused) return null;
            parser.Consume<DocumentEnd>();
            if (parser.Accept<DocumentStart>(out var second))
                return Refuse<MappingNode>(second.Start, $"a second document begins here; a {problems.What} is one document, so remove the"
                    + " '---'.");
            if (node is ScalarNode { IsNull: true }) return Empty();
            if (node is MappingNode mapping) return mapping;
            problems.Add(node, "", $"the file is no {problems.What}: it must consist of keys and values, such as '{problems.Example}'.");
            return null;
        }
        catch (YamlException exception)
        {
            AddSyntaxError(exception.Start, exception.InnerException?.Message ?? exception.Message, text);
            return null;
        }
        catch (Exception exception)
            when (exception is InvalidOperationException or ArgumentException or IndexOutOfRangeException
                or FormatException or OverflowException)
        {
            // NB: the YAML library means to throw only YamlException, but lets these out for some damaged texts.
            AddSyntaxError(Mark.Empty, exception.Message, text);
            return null;
        }
    }

    private ConfigNode? ReadNode(Parser parser, int depth)
    {
        if (depth > MaxDepth) return Refuse<ConfigNode>(parser.Current!.Start, $"lists and sections are nested more than {MaxDepth} deep.");
        if (parser.TryConsume<AnchorAlias>(out var alias))
            return Refuse<ConfigNode>(alias.Start, $"the alias '*{alias.Value}' is not allowed; write the value out.");
        if (parser.Current is NodeEvent { Anchor.IsEmpty: false } anchored)
            return Refuse<ConfigNode>(anchored.Start, $"the anchor '&{anchored.Anchor}' is not allowed; write the value out where it is"
                + " needed.");
        if (parser.Current is NodeEvent { Tag.IsEmpty: false } tagged)
            return Refuse<ConfigNode>(tagged.Start, $"the tag '{tagged.Tag}' is not allowed; remove it.");
        if (parser.TryConsume<Scalar>(out var scalar)) return Scalar(scalar);
        if (parser.TryConsume<SequenceStart>(out var list))
        {
            var items = new List<ConfigNode>();
            while (!parser.TryConsume<SequenceEnd>(out _))
            {
                if (ReadNode(parser, depth + 1) is not { } item) return null;
                items.Add(item);
            }

            return new ListNode(Place(list.Start.Line), Place(list.Start.Column), items);
        }

        var start = parser.Consume<MappingStart>();
        var entries = new List<KeyValuePair<ScalarNode, ConfigNode>>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (ReadNode(parser, depth + 1) is not { } key) return null;
            if (key is not ScalarNode name)
            {
                problems.Add(key, "", "a key must be a word; if this is a value in braces or brackets, put it in quotes.");
                return null;
            }

            if (ReadNode(parser, depth + 1) is not { } value) return null;
            entries.Add(new(name, value));
        }

        return new MappingNode(Place(start.Start.Line), Place(start.Start.Column), entries);
    }

    private static ScalarNode Scalar(Scalar scalar) =>
        new(Place(scalar.Start.Line), Place(scalar.Start.Column), scalar.Value, scalar.Style == ScalarStyle.Plain);

    private static int Place(long place) => (int)Math.Min(place, int.MaxValue);

    private MappingNode? Empty()
    {
        problems.Add(0, 0, "", $"the file is empty; {problems.Shortest}.");
        return null;
    }

    private T? Refuse<T>(Mark mark, string message)
        where T : ConfigNode
    {
        _refused = true;
        problems.Add(Place(mark.Line), Place(mark.Column), "", message);
        return null;
    }

    private void AddSyntaxError(Mark start, string detail, string text)
    {
        // Tabs are the commonest cause and the parser's own words for them are opaque.
        var number = 0;
        var found = false;
        foreach (var line in text.Split('\n'))
        {
            number++;
            var tab = line.IndexOf('\t', StringComparison.Ordinal);
            if (tab < 0 || line.AsSpan(0, tab).Trim(' ').Length > 0) continue;
            found = true;
            problems.Add(number, tab + 1, "", "a tab indents this line; YAML allows only spaces, so replace the tab by two spaces.");
        }

        if (found) return;
        problems.Add(Place(start.Line), Place(start.Column), "", string.Create(CultureInfo.InvariantCulture,
            $"not valid YAML: {detail.TrimEnd('.')}. Look for a missing colon, quote or bracket here or on the line above."));
    }
}
