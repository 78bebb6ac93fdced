using Realtime.Engine.Decoding;
using Realtime.Engine.Text;

namespace Realtime.Models.Scores;

/// <summary>
/// Finds the behaviour channels that targets are made from. An angle is always decoded as its cosine and sine: channels named cos_A and
/// sin_A where the session has them, else made from a channel A in "rad" or "deg".
/// </summary>
public static class TargetSources
{
    private const string Cos = "cos_";
    private const string Sin = "sin_";

    /// <summary>Targets for the names a user asked for; an angle's name stands for its cosine and sine.</summary>
    /// <exception cref="ArgumentException">A name is unknown (the message has the nearest), or asked for twice.</exception>
    public static IReadOnlyList<TargetSource> For(IEnumerable<string> names, IReadOnlyList<OutputChannel> behaviour)
    {
        var sources = new List<TargetSource>();
        foreach (var name in names)
        {
            var column = Column(name, behaviour);
            var isAngle = column >= 0 && AngleUnit(behaviour[column].Unit) is not null;
            foreach (var part in isAngle ? [Cos + name, Sin + name] : new[] { name })
            {
                if (sources.Exists(source => source.Output.Name == part))
                    throw new ArgumentException($"Output '{part}' is asked for twice.", nameof(names));
                sources.Add(Find(part, behaviour));
            }
        }

        return sources;
    }

    /// <summary>The behaviour channel each output of a decoder is scored against.</summary>
    /// <exception cref="ArgumentException">An output has no channel; the message has the nearest name.</exception>
    public static IReadOnlyList<TargetSource> For(IReadOnlyList<OutputChannel> outputs, IReadOnlyList<OutputChannel> behaviour) =>
        outputs.Select(output => Find(output.Name, behaviour)).ToArray();

    /// <summary>"rad", "deg", or null where the unit is none of an angle.</summary>
    internal static string? AngleUnit(string unit) =>
        unit.StartsWith("rad", StringComparison.OrdinalIgnoreCase) ? "rad" : unit.StartsWith("deg", StringComparison.OrdinalIgnoreCase)
            ? "deg" : null;

    /// <summary>The behaviour channel that an output is made from, where the session has one.</summary>
    internal static bool TryFind(string name, IReadOnlyList<OutputChannel> behaviour, out TargetSource source)
    {
        var column = Column(name, behaviour);
        source = column >= 0 ? new TargetSource(behaviour[column], column, TargetTransform.Value) : default;
        if (column >= 0) return true;
        var isCos = name.StartsWith(Cos, StringComparison.Ordinal);
        if (!isCos && !name.StartsWith(Sin, StringComparison.Ordinal)) return false;
        var angle = Column(name[Cos.Length..], behaviour);
        var unit = angle < 0 ? null : AngleUnit(behaviour[angle].Unit);
        if (unit is null) return false;
        var transform = (isCos, unit) switch
        {
            (true, "rad") => TargetTransform.CosOfRadians,
            (false, "rad") => TargetTransform.SinOfRadians,
            (true, _) => TargetTransform.CosOfDegrees,
            _ => TargetTransform.SinOfDegrees,
        };
        source = new TargetSource(new OutputChannel(name, "1"), angle, transform);
        return true;
    }

    private static TargetSource Find(string name, IReadOnlyList<OutputChannel> behaviour)
    {
        if (TryFind(name, behaviour, out var source)) return source;
        var nearest = NearestName.Find(name, behaviour.Select(channel => channel.Name));
        throw new ArgumentException(behaviour.Count == 0
            ? $"There is no behaviour channel '{name}': the session has none at all."
            : $"There is no behaviour channel '{name}'{(nearest is null ? "." : $"; did you mean '{nearest}'?")} Channels: " +
                $"{string.Join(", ", behaviour.Select(channel => channel.Name))}.");
    }

    private static int Column(string name, IReadOnlyList<OutputChannel> behaviour)
    {
        for (var column = 0; column < behaviour.Count; column++)
            if (behaviour[column].Name == name) return column;
        return -1;
    }
}
