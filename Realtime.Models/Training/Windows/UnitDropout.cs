using Realtime.Engine.Numerics;

namespace Realtime.Models.Training.Windows;

/// <summary>
/// How many units a window keeps, drawn from a triangle: density 1 at <see cref="Min"/>, 4 at <see cref="Mode"/>, 1 at <see cref="Max"/>.
/// A session of fewer units than <see cref="Min"/> keeps all.
/// Source: the distribution of github.com/neuro-galaxy/torch_brain, torch_brain/transforms/unit_dropout.py.
/// </summary>
public sealed record UnitDropout
{
    private const double Peak = 4;
    private const double UpstreamScale = 10;
    private const int MaxRejections = 100;

    /// <summary>Fewest units kept.</summary>
    public required int Min { get; init; }

    /// <summary>Most frequent number.</summary>
    public required int Mode { get; init; }

    /// <summary>Most units kept.</summary>
    public required int Max { get; init; }

    /// <summary>Whether to draw as upstream's code does, which divides the chance of acceptance by a further random number: P = f / 10 (1 +
    /// ln(10 / f)), a flatter triangle.</summary>
    public bool Upstream { get; init; } = true;

    /// <summary>How many of <paramref name="units"/> units are kept.</summary>
    public int Draw(int units, PortableRandom random)
    {
        if (units < Min) return units;
        for (var attempt = 0; attempt <= MaxRejections; attempt++)
        {
            var number = random.Uniform(Min, Max);
            var chance = random.Uniform();
            var bound = Upstream ? Density(number) / (UpstreamScale * random.Uniform()) : Density(number) / Peak;
            if (chance <= bound) return Math.Min(units, (int)number);
        }

        return units;
    }

    /// <exception cref="TrainingException">The numbers are not ascending from 1 on.</exception>
    internal void Check()
    {
        if (Min < 1 || Mode < Min || Max < Mode)
            throw new TrainingException($"unit_dropout keeps {Min} / {Mode} / {Max} units (min / mode / max); they must ascend from 1 on.");
    }

    private double Density(double number) => number <= Mode
        ? Mode == Min ? Peak : 1 + (Peak - 1) * (number - Min) / (Mode - Min)
        : Peak - (Peak - 1) * (number - Mode) / (Max - Mode);
}
