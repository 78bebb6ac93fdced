using Realtime.Engine.Decoding;

namespace Realtime.Models.Scores;

/// <summary>
/// Collects answers and targets, and scores them when asked: per output r2, rmse, mean_abs_error and correlation; for cos_A with sin_A
/// under "A", and for an output in rad or deg, median_abs_error_deg and mean_abs_error_deg; for x with y under "x,y" median_error and
/// mean_error; for an output whose targets take few values class_accuracy, and sign_accuracy where they have both signs (see <see
/// cref="ClassScores"/>); under "all" mean_r2 and pairs. Beside each stands what the constant predictor (the training mean) gets, as constant_*. See
/// docs/baselines.md for the formulas. One thread at a time. Grows by 12 bytes per output and pair, up to <see cref="MaxPairs"/>.
/// </summary>
public sealed class ScoreAccumulator
{
    /// <summary>Pairs that are kept: 27 hours at 50 per second. Later ones are counted in <see cref="LeftOut"/>.</summary>
    public const int MaxPairs = 5_000_000;

    private readonly OutputChannel[] _outputs;
    private readonly double[]? _constant;
    private readonly List<JointTarget> _joint;
    private readonly List<float> _predictions = [];
    private readonly List<double> _targets = [];

    /// <param name="outputs">The decoder's outputs.</param>
    /// <param name="constant">The training mean of each output, or null for no constant predictor.</param>
    public ScoreAccumulator(IReadOnlyList<OutputChannel> outputs, IReadOnlyList<double>? constant = null)
    {
        if (constant is not null && constant.Count != outputs.Count)
            throw new ArgumentException($"{constant.Count} constants were given for {outputs.Count} outputs.", nameof(constant));
        _outputs = [.. outputs];
        _constant = constant?.ToArray();
        _joint = JointTarget.Find(outputs);
    }

    /// <summary>Pairs taken in.</summary>
    public int Pairs => _predictions.Count / _outputs.Length;

    /// <summary>Pairs left out because an answer was not finite, or no target was known, or <see cref="MaxPairs"/> was reached.</summary>
    public long LeftOut { get; private set; }

    /// <summary>Takes one answer and its targets. Unknown targets (NaN) are left out of their own scores.</summary>
    /// <returns>False when the whole pair was left out.</returns>
    public bool Append(ReadOnlySpan<float> prediction, ReadOnlySpan<double> target)
    {
        if (prediction.Length != _outputs.Length || target.Length != _outputs.Length)
            throw new ArgumentException($"{prediction.Length} predictions and {target.Length} targets were given for {_outputs.Length} " +
                "outputs.");
        var known = 0;
        foreach (var value in target) known += double.IsFinite(value) ? 1 : 0;
        foreach (var value in prediction) known = float.IsFinite(value) ? known : 0;
        if (known == 0 || Pairs >= MaxPairs)
        {
            LeftOut++;
            return false;
        }

        _predictions.AddRange(prediction);
        _targets.AddRange(target);
        return true;
    }

    /// <summary>{target: {metric: value}}; see the class. Values that are not defined are NaN.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> Scores()
    {
        var scores = new Dictionary<string, IReadOnlyDictionary<string, double>>();
        var all = new List<double>();
        for (var output = 0; output < _outputs.Length; output++)
        {
            var own = OutputScores(output);
            scores[_outputs[output].Name] = own;
            if (!double.IsNaN(own["r2"])) all.Add(own["r2"]);
        }

        foreach (var joint in _joint) scores[joint.Name] = JointScores(joint);
        var mean = all.Count == 0 ? double.NaN : all.Sum() / all.Count;
        scores["all"] = new Dictionary<string, double> { ["mean_r2"] = mean, ["pairs"] = Pairs };
        return scores;
    }

    private Dictionary<string, double> OutputScores(int output)
    {
        var rows = Rows(output, output);
        var predictions = rows.Select(row => (double)_predictions[row * _outputs.Length + output]).ToArray();
        var targets = rows.Select(row => _targets[row * _outputs.Length + output]).ToArray();
        var scores = new Dictionary<string, double>
        {
            ["r2"] = Metrics.R2(predictions, targets),
            ["rmse"] = Metrics.Rmse(predictions, targets),
            ["mean_abs_error"] = Metrics.Mean(predictions.Zip(targets, (p, t) => Math.Abs(p - t)).ToArray()),
            ["correlation"] = Metrics.Correlation(predictions, targets),
        };
        if (_constant is not null)
        {
            var constant = Enumerable.Repeat(_constant[output], targets.Length).ToArray();
            scores["constant_r2"] = Metrics.R2(constant, targets);
            scores["constant_rmse"] = Metrics.Rmse(constant, targets);
            scores["constant_mean_abs_error"] = Metrics.Mean(targets.Select(t => Math.Abs(t - _constant[output])).ToArray());
            scores["constant_median_abs_error"] = Metrics.Median(targets.Select(t => Math.Abs(t - _constant[output])).ToArray());
        }

        scores["median_abs_error"] = Metrics.Median(predictions.Zip(targets, (p, t) => Math.Abs(p - t)).ToArray());
        if (TargetSources.AngleUnit(_outputs[output].Unit) is { } unit)
        {
            var toRadians = unit == "rad" ? 1 : Math.PI / 180;
            var errors = predictions.Zip(targets, (p, t) => Metrics.AngleBetweenDegrees(p * toRadians, t * toRadians)).ToArray();
            scores["median_abs_error_deg"] = Metrics.Median(errors);
            scores["mean_abs_error_deg"] = Metrics.Mean(errors);
        }

        ClassScores.AddTo(scores, predictions, targets, _constant?[output]);
        return scores;
    }

    private Dictionary<string, double> JointScores(JointTarget joint)
    {
        var suffix = joint.IsAngle ? "abs_error_deg" : "error";
        var scores = new Dictionary<string, double>();
        var rows = Rows(joint.First, joint.Second);
        Add("", (row, output) => _predictions[row * _outputs.Length + output]);
        if (_constant is not null) Add("constant_", (_, output) => _constant[output]);
        return scores;

        void Add(string prefix, Func<int, int, double> prediction)
        {
            var errors = rows.Select(row => joint.Error(prediction(row, joint.First), prediction(row, joint.Second),
                _targets[row * _outputs.Length + joint.First], _targets[row * _outputs.Length + joint.Second])).ToArray();
            scores[$"{prefix}median_{suffix}"] = Metrics.Median(errors);
            scores[$"{prefix}mean_{suffix}"] = Metrics.Mean(errors);
        }
    }

    /// <summary>The pairs in which both targets are known.</summary>
    private int[] Rows(int first, int second) => Enumerable.Range(0, Pairs)
        .Where(row => double.IsFinite(_targets[row * _outputs.Length + first])
            && double.IsFinite(_targets[row * _outputs.Length + second])).ToArray();
}
