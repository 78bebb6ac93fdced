using System.Globalization;
using System.Text;
using Realtime.Acquisition.MessagePack;
using Realtime.Acquisition.Predictions;
using Realtime.Tests;

namespace Realtime.Acquisition.Tests.Predictions;

/// <summary>Holds docs/prediction-message.md to what the writer writes.</summary>
public class PredictionDocumentTests
{
    private const string Begin = "<!-- dump: begin -->\n```text\n";
    private const string End = "```\n<!-- dump: end -->";

    [Fact]
    public void The_dump_in_the_document_is_what_the_writer_writes()
    {
        var document = Document();
        var start = document.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var end = document.IndexOf(End, StringComparison.Ordinal);
        Assert.True(start >= Begin.Length && end >= start, "docs/prediction-message.md has lost the marks around its dump");
        var dump = Dump(PredictionExample.Bytes());
        Assert.True(document[start..end] == dump, "docs/prediction-message.md must show this dump:\n" + dump);
    }

    [Fact]
    public void The_document_explains_each_key_and_each_status()
    {
        var document = Document();
        for (var key = 0; key < PredictionSchema.KeyCount; key++)
        {
            var name = Encoding.UTF8.GetString(PredictionSchema.KeyText((PredictionKey)key));
            Assert.Contains($"| `{name}` |", document, StringComparison.Ordinal);
        }

        foreach (var status in Enum.GetValues<Engine.Answers.AnswerStatus>())
            Assert.Contains($"`{Encoding.UTF8.GetString(PredictionSchema.StatusText(status))}`", document, StringComparison.Ordinal);
        foreach (var flag in Enum.GetValues<Engine.Answers.AnswerFlags>().Where(flag => flag != 0))
            Assert.Contains($"| {(int)flag} | {flag} |", document, StringComparison.Ordinal);
    }

    private static string Document() =>
        File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs", "prediction-message.md")).ReplaceLineEndings("\n");

    /// <summary>Offset, bytes and meaning of each item of the message, one a line; long items go on in the next line.</summary>
    private static string Dump(byte[] message)
    {
        var reader = new MsgPackReader(message);
        var dump = new StringBuilder();
        while (reader.Remaining > 0)
        {
            var start = reader.Position;
            var meaning = Meaning(ref reader);
            Assert.Equal(MsgPackError.None, reader.Error);
            for (var at = start; at < reader.Position; at += 16)
            {
                var bytes = Convert.ToHexStringLower(message.AsSpan(at, Math.Min(16, reader.Position - at)));
                var spaced = string.Join(' ', bytes.Chunk(2).Select(pair => new string(pair)));
                dump.Append($"{at:x4}  {spaced,-47}  {(at == start ? meaning : "")}".TrimEnd()).Append('\n');
            }
        }

        return dump.ToString();
    }

    private static string Meaning(ref MsgPackReader reader)
    {
        switch (reader.NextType)
        {
            case MsgPackType.Map:
                reader.TryReadMapHeader(out var entries);
                return $"map of {entries}";
            case MsgPackType.Array:
                reader.TryReadArrayHeader(out var items);
                return $"array of {items}";
            case MsgPackType.String:
                reader.TryReadString(out var text);
                return $"\"{Encoding.UTF8.GetString(text)}\"";
            case MsgPackType.Integer:
                var start = reader.Position;
                reader.TryReadInt64(out var integer);
                return string.Create(CultureInfo.InvariantCulture, $"{(reader.Position - start == 9 ? "int64 " : "")}{integer}");
            case MsgPackType.Float32:
                reader.TryReadSingle(out var narrow);
                return string.Create(CultureInfo.InvariantCulture, $"float32 {narrow}");
            default:
                reader.TryReadDouble(out var wide);
                return string.Create(CultureInfo.InvariantCulture, $"float64 {wide}");
        }
    }
}
