using Realtime.Engine.Decoding;

namespace Realtime.Host.Reports;

/// <summary>An output as it is drawn: plain, or as the angle that a pair of cosine and sine stands for.</summary>
internal sealed class DrawnOutput
{
    public required OutputChannel Channel { get; init; }

    /// <summary>One per tick; NaN where there was none.</summary>
    public required double[] Decoded { get; init; }

    /// <summary>One per tick, or empty.</summary>
    public required double[] True { get; init; }

    /// <summary>The period of an angle in its unit; infinite for what is no angle.</summary>
    public double Period { get; init; } = double.PositiveInfinity;

    public bool IsAngle => double.IsFinite(Period);

    public bool HasTruth => True.Any(double.IsFinite);

    /// <summary>Decoded less true; the shorter way round for angles.</summary>
    public double Error(int tick)
    {
        var error = Decoded[tick] - True[tick];
        return IsAngle ? error - Period * Math.Round(error / Period) : error;
    }

    /// <summary>All outputs, with pairs such as "head_cos" and "head_sin" joined to the angle "head".</summary>
    public static IReadOnlyList<DrawnOutput> From(IReadOnlyList<OutputSeries> outputs)
    {
        var drawn = new List<DrawnOutput>();
        var joined = new HashSet<OutputSeries>(ReferenceEqualityComparer.Instance);
        foreach (var output in outputs)
        {
            if (joined.Contains(output)) continue;
            var partner = PartnerName(output.Name) is { } name ? outputs.FirstOrDefault(other => other.Name == name) : null;
            if (partner is null || joined.Contains(partner) || partner.Decoded.Count != output.Decoded.Count)
            {
                drawn.Add(Plain(output));
                continue;
            }

            joined.Add(partner);
            drawn.Add(IsCosine(output.Name) ? Angle(output, partner) : Angle(partner, output));
        }

        return drawn;
    }

    private static DrawnOutput Plain(OutputSeries output) => new()
    {
        Channel = new OutputChannel(output.Name, output.Unit),
        Decoded = output.Decoded.Select(value => (double)value).ToArray(),
        True = output.True.Count == output.Decoded.Count ? output.True.Select(value => (double)value).ToArray() : [],
        Period = output.Unit switch { "rad" => 2 * Math.PI, "deg" or "°" => 360, _ => double.PositiveInfinity },
    };

    private static DrawnOutput Angle(OutputSeries cosine, OutputSeries sine)
    {
        var name = Words(cosine.Name).Where(word => word is not "cos").DefaultIfEmpty("angle");
        var hasTruth = cosine.True.Count == cosine.Decoded.Count && sine.True.Count == cosine.Decoded.Count;
        return new DrawnOutput
        {
            Channel = new OutputChannel(string.Join('_', name), "°"),
            Decoded = Degrees(cosine.Decoded, sine.Decoded),
            True = hasTruth ? Degrees(cosine.True, sine.True) : [],
            Period = 360,
        };
    }

    private static double[] Degrees(IReadOnlyList<float> cosine, IReadOnlyList<float> sine)
    {
        var degrees = new double[cosine.Count];
        for (var tick = 0; tick < degrees.Length; tick++)
        {
            var angle = Math.Atan2(sine[tick], cosine[tick]) * 180 / Math.PI;
            degrees[tick] = angle < 0 ? angle + 360 : angle;
        }

        return degrees;
    }

    private static string[] Words(string name) => name.Split('_');

    private static bool IsCosine(string name) => Words(name).Contains("cos");

    /// <summary>The name that the other half of a pair would have; null for what is no half.</summary>
    private static string? PartnerName(string name)
    {
        var words = Words(name);
        if (words.Count(word => word is "cos" or "sin") != 1) return null;
        return string.Join('_', words.Select(word => word switch { "cos" => "sin", "sin" => "cos", _ => word }));
    }
}
