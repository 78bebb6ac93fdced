using Realtime.Engine.Numerics;

namespace Realtime.Models.Optimization;

/// <summary>
/// Learning rate along one cycle: from Peak / DivFactor to Peak in the first part, then down to Peak / DivFactor / FinalDivFactor, both along
/// half a cosine. If asked for, β₁ moves the other way. The defaults are POYO's: no warm-up, constant for the first half. Immutable.
/// Source: torch.optim.lr_scheduler.OneCycleLR (two phases, cosine).
/// </summary>
public sealed record OneCycleSchedule
{
    /// <summary>Highest learning rate.</summary>
    public required double Peak { get; init; }

    /// <summary>Steps of the cycle, at least 1.</summary>
    public required long Steps { get; init; }

    /// <summary>Share of the steps in which the rate rises, 0 to 1.</summary>
    public double WarmUp { get; init; } = 0.5;

    public double DivFactor { get; init; } = 1;

    public double FinalDivFactor { get; init; } = 1e4;

    /// <summary>β₁ of every step, unless it is cycled.</summary>
    public double FixedBeta1 { get; init; } = 0.9;

    /// <summary>Whether β₁ falls from <see cref="HighBeta1"/> to <see cref="LowBeta1"/> while the rate rises, and back; PyTorch's default.</summary>
    public bool CyclesBeta1 { get; init; }

    public double HighBeta1 { get; init; } = 0.95;

    public double LowBeta1 { get; init; } = 0.85;

    /// <summary>Of a step, counted from 0; the last one's beyond the end.</summary>
    public double LearningRate(long step)
    {
        var (rises, share) = Place(step);
        var start = Peak / DivFactor;
        return rises ? Between(start, Peak, share) : Between(Peak, start / FinalDivFactor, share);
    }

    /// <summary>Of a step, counted from 0; the last one's beyond the end.</summary>
    public double Beta1(long step)
    {
        if (!CyclesBeta1) return FixedBeta1;
        var (rises, share) = Place(step);
        return rises ? Between(HighBeta1, LowBeta1, share) : Between(LowBeta1, HighBeta1, share);
    }

    /// <summary>The half of the cycle and how much of it is past, 0 to 1.</summary>
    private (bool Rises, double Share) Place(long step)
    {
        step = Math.Clamp(step, 0, Steps - 1);
        var top = WarmUp * Steps - 1;
        var end = (double)(Steps - 1);
        if (step <= top) return (true, top > 0 ? step / top : 1);
        return (false, end > top ? (step - top) / (end - top) : 1);
    }

    private static double Between(double from, double to, double share) => to + (from - to) / 2 * (1 + PortableMath.Cos(Math.PI * share));
}
