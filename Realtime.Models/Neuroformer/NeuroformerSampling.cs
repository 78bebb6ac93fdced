namespace Realtime.Models.Neuroformer;

/// <summary>How tokens are chosen from logits.</summary>
public sealed record NeuroformerSampling
{
    /// <summary>Draw from the distribution; otherwise the most likely token is taken.</summary>
    public bool Sample { get; init; }

    /// <summary>Keep only so many of the most likely tokens, of ids and of dts; 0 for all.</summary>
    public int TopK { get; init; }

    /// <summary>Keep the smallest set of the most likely ids whose probability passes this; 0 for all.</summary>
    public double TopP { get; init; }

    /// <summary>The same for dts. NB: as upstream, it does nothing where <see cref="TopK"/> and <see cref="TopP"/> are both 0.</summary>
    public double TopPTime { get; init; }

    public double Temperature { get; init; } = 1;

    /// <summary>Of dts.</summary>
    public double TemperatureTime { get; init; } = 1;

    public ulong Seed { get; init; } = 1;

    /// <exception cref="ArgumentException">A number is out of its range.</exception>
    public void Check()
    {
        if (TopK < 0) throw new ArgumentException($"top-k is {TopK}; at least 0 is due.");
        foreach (var (name, value) in ((string, double)[])[("top-p", TopP), ("top-p of times", TopPTime)])
            if (!(value >= 0 && value <= 1)) throw new ArgumentException($"{name} is {value}; 0 to 1 is due.");
        foreach (var (name, value) in ((string, double)[])[("temperature", Temperature), ("temperature of times", TemperatureTime)])
            if (!(value > 0 && value <= 1e6)) throw new ArgumentException($"{name} is {value}; a number above 0 is due.");
    }
}
