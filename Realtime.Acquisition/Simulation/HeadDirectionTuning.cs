using System.Text.Json.Nodes;
using Realtime.Engine.Numerics;

namespace Realtime.Acquisition.Simulation;

/// <summary>A von Mises bump around a preferred direction. Peaks, floors and widths after hd_adn_mouse.</summary>
internal sealed class HeadDirectionTuning : ITuning
{
    // Thalamic head-direction cells fire ahead of the head by about this (Taube 2007, Annual Review of Neuroscience 30:181).
    private const int LeadSteps = 2;

    private readonly double[] _cos;
    private readonly double[] _sin;
    private readonly double _preferred;
    private readonly double _drift;
    private readonly double _kappa;

    public HeadDirectionTuning(BehaviourTrace behaviour, PortableRandom random, double driftSigma)
    {
        (_cos, _sin) = (behaviour.Columns[0], behaviour.Columns[1]);
        _preferred = random.Uniform(0, 2 * Math.PI);
        _drift = driftSigma * random.Normal();
        _kappa = random.LogNormal(4.3, 0.35);
        PeakHz = Math.Min(120, random.LogNormal(12.5, 1.0));
        BaseHz = Math.Min(PeakHz / 2, PeakHz * random.LogNormal(0.01, 0.9));
    }

    public double BaseHz { get; }

    public double PeakHz { get; }

    public double RateAt(int step, double progress)
    {
        var at = Math.Min(step + LeadSteps, _cos.Length - 1);
        var preferred = _preferred + _drift * progress;
        // cos(a - b), from the columns and the slowly moving preferred direction.
        var match = _cos[at] * PortableMath.Cos(preferred) + _sin[at] * PortableMath.Sin(preferred);
        return BaseHz + (PeakHz - BaseHz) * PortableMath.Exp(_kappa * (match - 1));
    }

    public JsonObject Describe() => new()
    {
        ["preferred_direction_rad"] = _preferred,
        ["preferred_direction_drift_rad"] = _drift,
        ["kappa"] = _kappa,
        ["lead_s"] = LeadSteps * BehaviourTrace.StepSeconds,
    };
}
