using System.Text.Json.Nodes;
using Realtime.Engine.Numerics;

namespace Realtime.Acquisition.Simulation;

/// <summary>A neuron with a receptive field on the screen, 50 ms behind the bar; or, in four of ten cases, one that follows the animal's inner state alone.</summary>
internal sealed class VisualTuning : ITuning
{
    private const double VisualShare = 0.6;
    private const int LatencySteps = 5;

    private readonly double[] _bar;
    private readonly double[] _state;
    private readonly bool _isVisual;
    private readonly double _centre;
    private readonly double _width;
    private readonly double _drift;
    private readonly double _slope;

    public VisualTuning(BehaviourTrace behaviour, PortableRandom random, double driftSigma)
    {
        (_bar, _state) = (behaviour.Hidden[VisualBehaviour.Bar], behaviour.Hidden[VisualBehaviour.State]);
        _isVisual = random.Uniform() < VisualShare;
        _centre = random.Uniform(0, 1);
        _width = random.LogNormal(0.12, 0.3);
        _drift = driftSigma / 4 * random.Normal();
        _slope = (random.Uniform() < 0.5 ? -1 : 1) * random.Uniform(0.4, 0.8);
        PeakHz = Math.Min(80, random.LogNormal(9, 0.5));
        BaseHz = _isVisual ? PeakHz * random.Uniform(0.05, 0.3) : PeakHz / 3;
    }

    public double BaseHz { get; }

    public double PeakHz { get; }

    public double RateAt(int step, double progress)
    {
        if (!_isVisual) return Math.Min(PeakHz, BaseHz * PortableMath.Exp(_slope * _state[step]));
        var distance = (_bar[Math.Max(0, step - LatencySteps)] - _centre - _drift * progress) / _width;
        return BaseHz + (PeakHz - BaseHz) * PortableMath.Exp(-distance * distance / 2);
    }

    public JsonObject Describe() => _isVisual
        ? new() { ["follows"] = "bar", ["centre"] = _centre, ["width"] = _width, ["centre_drift"] = _drift, ["latency_s"] = LatencySteps * BehaviourTrace.StepSeconds }
        : new() { ["follows"] = "state", ["slope"] = _slope };
}
