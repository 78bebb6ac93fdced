namespace Realtime.Models.Neuroformer;

/// <summary>A spike as a token sees it.</summary>
/// <param name="Bin">Time bin from the window's start, at least 0.</param>
/// <param name="Neuron">Id token, 0 to neurons - 1.</param>
public readonly record struct NeuroformerSpike(int Bin, int Neuron) : IComparable<NeuroformerSpike>
{
    /// <summary>By bin, then by neuron: the order of tokens.</summary>
    public int CompareTo(NeuroformerSpike other) => Bin != other.Bin ? Bin.CompareTo(other.Bin) : Neuron.CompareTo(other.Neuron);

    public static bool operator <(NeuroformerSpike left, NeuroformerSpike right) => left.CompareTo(right) < 0;

    public static bool operator >(NeuroformerSpike left, NeuroformerSpike right) => left.CompareTo(right) > 0;

    public static bool operator <=(NeuroformerSpike left, NeuroformerSpike right) => left.CompareTo(right) <= 0;

    public static bool operator >=(NeuroformerSpike left, NeuroformerSpike right) => left.CompareTo(right) >= 0;
}
