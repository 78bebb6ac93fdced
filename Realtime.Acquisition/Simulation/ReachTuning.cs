using System.Text.Json.Nodes;
using Realtime.Engine.Numerics;

namespace Realtime.Acquisition.Simulation;

/// <summary>
/// Motor-cortical tuning to the hand's velocity (cosine, Georgopoulos and others 1982), position and speed (Moran and Schwartz 1999): a
/// rectified
/// linear sum. Rates after m1_reach_42u.
/// </summary>
internal sealed class ReachTuning : ITuning
{
    // Motor cortex leads the hand by about this (Moran and Schwartz 1999, Journal of Neurophysiology 82:2676).
    private const int LeadSteps = 12;
    private const double SpeedScale = 12;
    private const double PositionScale = 5;
    private const double MaxFactor = 4;

    private readonly double[][] _columns;
    private readonly double _velocityAngle;
    private readonly double _positionAngle;
    private readonly double _drift;
    private readonly double _velocityDepth;
    private readonly double _positionDepth;
    private readonly double _speedDepth;

    public ReachTuning(BehaviourTrace behaviour, PortableRandom random, double driftSigma)
    {
        _columns = behaviour.Columns;
        _velocityAngle = random.Uniform(0, 2 * Math.PI);
        _positionAngle = random.Uniform(0, 2 * Math.PI);
        _drift = driftSigma * random.Normal();
        _velocityDepth = random.LogNormal(0.24, 0.6);
        _positionDepth = random.LogNormal(0.1, 0.6);
        _speedDepth = 0.1 * random.Normal();
        BaseHz = Math.Min(90, random.LogNormal(18, 0.95));
    }

    public double BaseHz { get; }

    public double PeakHz => BaseHz * MaxFactor;

    public double RateAt(int step, double progress)
    {
        var at = Math.Min(step + LeadSteps, _columns[0].Length - 1);
        var (vx, vy) = (_columns[2][at] / SpeedScale, _columns[3][at] / SpeedScale);
        var x = (_columns[0][at] - ReachBehaviour.Width / 2) / PositionScale;
        var y = (_columns[1][at] - ReachBehaviour.Height / 2) / PositionScale;
        var velocity = _velocityAngle + _drift * progress;
        var position = _positionAngle + _drift * progress;
        var factor = 1 + _velocityDepth * (vx * PortableMath.Cos(velocity) + vy * PortableMath.Sin(velocity))
            + _positionDepth * (x * PortableMath.Cos(position) + y * PortableMath.Sin(position))
            + _speedDepth * (Math.Sqrt(vx * vx + vy * vy) - 1);
        return BaseHz * Math.Clamp(factor, 0.02, MaxFactor);
    }

    public JsonObject Describe() => new()
    {
        ["velocity_direction_rad"] = _velocityAngle,
        ["velocity_weight_per_cm_s"] = _velocityDepth / SpeedScale,
        ["position_direction_rad"] = _positionAngle,
        ["position_weight_per_cm"] = _positionDepth / PositionScale,
        ["speed_weight_per_cm_s"] = _speedDepth / SpeedScale,
        ["direction_drift_rad"] = _drift,
        ["lead_s"] = LeadSteps * BehaviourTrace.StepSeconds,
    };
}
