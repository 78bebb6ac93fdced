using System.Globalization;
using Realtime.Engine.Decoding;
using Realtime.Engine.Text;
using Realtime.Models.Scores;

namespace Realtime.Models.Training;

/// <summary>A condition on a bin's mean of one behaviour channel, such as "speed &gt; 20". A bin whose mean is unknown is not
/// kept.</summary>
public sealed class BinFilter
{
    // Two-character signs first, so that ">=" is not read as ">".
    private static readonly string[] Signs = [">=", "<=", ">", "<"];

    private readonly string _sign;
    private readonly double _bound;

    private BinFilter(string text, TargetSource source, string sign, double bound)
    {
        Text = text;
        Source = source;
        _sign = sign;
        _bound = bound;
    }

    /// <summary>The filter as the user wrote it.</summary>
    public string Text { get; }

    /// <summary>The channel whose mean is compared.</summary>
    public TargetSource Source { get; }

    /// <summary>Reads "channel sign number"; the sign is one of &gt; &gt;= &lt; &lt;=, the number has a decimal point.</summary>
    /// <exception cref="TrainingException">The text is no such condition, or there is no such channel (the message has the
    /// nearest).</exception>
    public static BinFilter Parse(string text, IReadOnlyList<OutputChannel> behaviour)
    {
        var sign = Signs.FirstOrDefault(candidate => text.Contains(candidate, StringComparison.Ordinal));
        var parts = sign is null ? [] : text.Split(sign, StringSplitOptions.TrimEntries);
        if (parts.Length != 2 || !double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var bound))
            throw new TrainingException($"The filter '{text}' cannot be read. Write a channel, one of > >= < <=, and a number, such as " +
                "\"speed > 20\".");
        for (var channel = 0; channel < behaviour.Count; channel++)
        {
            if (behaviour[channel].Name == parts[0])
                return new BinFilter(text, new TargetSource(behaviour[channel], channel, TargetTransform.Value), sign!, bound);
        }

        throw new TrainingException($"The filter '{text}' names the channel '{parts[0]}', which the session does not have" +
            $"{NearestName.Hint(parts[0], behaviour.Select(channel => channel.Name))}.");
    }

    /// <summary>Whether a bin of that mean is used.</summary>
    public bool Keeps(double mean) => _sign switch
    {
        ">" => mean > _bound,
        ">=" => mean >= _bound,
        "<" => mean < _bound,
        _ => mean <= _bound,
    };
}
