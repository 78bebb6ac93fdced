using System.Buffers.Text;
using System.Text;
using Realtime.Engine.Answers;
using Realtime.Engine.Decoding;

namespace Realtime.Host.Running;

/// <summary>
/// predictions.csv: one line per tick, in order. Written through an own buffer without allocation; a full disk leaves whole lines only.
/// One thread.
/// </summary>
public sealed class PredictionLog : IDisposable
{
    // Flushed when this full or when asked: at 100 ticks/s a buffer lasts several seconds.
    private const int BufferBytes = 64 * 1024;
    private const int LongestField = 40;

    private readonly Stream _file;
    private readonly byte[] _buffer = new byte[BufferBytes];
    private readonly int _longestLine;
    private int _used;

    /// <exception cref="IOException">The file cannot be made.</exception>
    public PredictionLog(string path, IReadOnlyList<OutputChannel> outputs)
        : this(new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0), outputs)
    {
    }

    /// <param name="file">Where to write; disposed of with the log.</param>
    /// <param name="outputs">The value columns.</param>
    public PredictionLog(Stream file, IReadOnlyList<OutputChannel> outputs)
    {
        _longestLine = (14 + outputs.Count) * LongestField;
        _file = file;
        var header = "tick,epoch,status,flags,data_ns,sample,due_ns,closed_ns,decoded_ns,emitted_ns,age_ns,clock_uncertainty_ns,spikes"
            + string.Concat(outputs.Select(output => "," + Quoted($"{output.Name} ({output.Unit})"))) + "\n";
        _file.Write(Encoding.UTF8.GetBytes(header));
    }

    /// <summary>Lines handed in.</summary>
    public long Lines { get; private set; }

    /// <summary>Lines that lie whole in the file.</summary>
    public long Written { get; private set; }

    /// <summary>What stopped the log, or null while it works. Nothing is written any more once set.</summary>
    public string? Failure { get; private set; }

    /// <summary>Adds one line.</summary>
    public void Write(in TickAnswer answer, ReadOnlySpan<float> values)
    {
        if (Failure is not null) return;
        if (_used + _longestLine > _buffer.Length) Flush();
        Lines++;
        Field(answer.Tick);
        Field(answer.Epoch);
        Field(StatusText(answer.Status));
        Field((int)answer.Flags);
        Field(answer.DataNs);
        Field(answer.Sample);
        Field(answer.DueNs);
        Field(answer.ClosedNs);
        Field(answer.DecodedNs);
        Field(answer.EmittedNs);
        Field(answer.AgeNs);
        Field(answer.ClockUncertaintyNs);
        Field(answer.Spikes);
        foreach (var value in values)
        {
            value.TryFormat(_buffer.AsSpan(_used), out var written, "R", null);
            _used += written;
            _buffer[_used++] = (byte)',';
        }

        _buffer[_used - 1] = (byte)'\n';
    }

    /// <summary>Writes out what is buffered. A failure is kept in <see cref="Failure"/> and the file cut back to whole lines.</summary>
    public void Flush()
    {
        if (Failure is not null || _used == 0) return;
        var start = _file.Position;
        try
        {
            _file.Write(_buffer, 0, _used);
            _used = 0;
            Written = Lines;
        }
        catch (IOException failure)
        {
            Failure = failure.Message;
            CutTo(start);
        }
    }

    public void Dispose()
    {
        Flush();
        _file.Dispose();
    }

    private static ReadOnlySpan<byte> StatusText(AnswerStatus status) => status switch
    {
        AnswerStatus.Fresh => "fresh"u8,
        AnswerStatus.Late => "late"u8,
        AnswerStatus.Held => "held"u8,
        _ => "no_data"u8,
    };

    private static string Quoted(string text) => text.IndexOfAny([',', '"', '\n', '\r']) < 0 ? text : $"\"{text.Replace("\"", "\"\"")}\"";

    private void CutTo(long length)
    {
        try
        {
            _file.SetLength(length);
        }
        catch (IOException)
        {
            // The part line stays; the failure is already on record.
        }
    }

    private void Field(long value)
    {
        Utf8Formatter.TryFormat(value, _buffer.AsSpan(_used), out var written);
        _used += written;
        _buffer[_used++] = (byte)',';
    }

    private void Field(ReadOnlySpan<byte> text)
    {
        text.CopyTo(_buffer.AsSpan(_used));
        _used += text.Length;
        _buffer[_used++] = (byte)',';
    }
}
