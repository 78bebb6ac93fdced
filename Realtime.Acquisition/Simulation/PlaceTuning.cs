using System.Text.Json.Nodes;
using Realtime.Engine.Numerics;

namespace Realtime.Acquisition.Simulation;

/// <summary>One to three Gaussian place fields, weaker at rest. Rates after the CA1 recordings.</summary>
internal sealed class PlaceTuning : ITuning
{
    private readonly double[] _x;
    private readonly double[] _y;
    private readonly double[] _speed;
    private readonly (double X, double Y, double Sigma, double Hz)[] _fields;
    private readonly double _driftX;
    private readonly double _driftY;

    public PlaceTuning(BehaviourTrace behaviour, PortableRandom random, double driftSigma)
    {
        (_x, _y, _speed) = (behaviour.Columns[0], behaviour.Columns[1], behaviour.Columns[2]);
        var draw = random.Uniform();
        _fields = new (double, double, double, double)[draw < 0.65 ? 1 : draw < 0.9 ? 2 : 3];
        var peak = Math.Min(40, random.LogNormal(5.5, 0.9));
        for (var i = 0; i < _fields.Length; i++)
        {
            var height = i == 0 ? peak : peak * random.Uniform(0.3, 1);
            var (x, y) = (random.Uniform(0, PlaceBehaviour.BoxCm), random.Uniform(0, PlaceBehaviour.BoxCm));
            _fields[i] = (x, y, random.LogNormal(11, 0.25), height);
        }

        // A tenth of the box per unit of drift: about a field's radius.
        _driftX = 0.1 * PlaceBehaviour.BoxCm * driftSigma * random.Normal();
        _driftY = 0.1 * PlaceBehaviour.BoxCm * driftSigma * random.Normal();
        PeakHz = peak;
        BaseHz = Math.Min(peak / 2, random.LogNormal(0.05, 0.8));
    }

    public double BaseHz { get; }

    public double PeakHz { get; }

    public double RateAt(int step, double progress)
    {
        var rate = 0.0;
        foreach (var (fieldX, fieldY, sigma, hz) in _fields)
        {
            var (dx, dy) = (_x[step] - fieldX - _driftX * progress, _y[step] - fieldY - _driftY * progress);
            var far = (dx * dx + dy * dy) / (2 * sigma * sigma);
            if (far < 20) rate += hz * PortableMath.Exp(-far);
        }

        // Place cells fire less when the animal stands still.
        var run = 0.3 + 0.7 * Math.Min(1, _speed[step] / 10);
        return BaseHz + Math.Min(rate, PeakHz) * run;
    }

    public JsonObject Describe() => new()
    {
        ["fields"] = new JsonArray([.. _fields.Select(field => new JsonObject
        {
            ["x_cm"] = field.X, ["y_cm"] = field.Y, ["sigma_cm"] = field.Sigma, ["peak_hz"] = field.Hz,
        })]),
        ["drift_x_cm"] = _driftX,
        ["drift_y_cm"] = _driftY,
    };
}
