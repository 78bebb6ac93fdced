using Realtime.Models.Kernels;

namespace Realtime.Models.Neuroformer.Live;

/// <summary>
/// The targets of one group from the last layer: the mean over all positions, PAD included, then each target's map; of a classification the
/// probabilities of its classes. One thread; allocates nothing per call.
/// </summary>
internal sealed class LiveHeads
{
    private readonly KernelSet _kernels;
    private readonly PackedMatrix[] _heads;
    private readonly bool[] _isClassification;
    private readonly double[] _sums;
    private readonly float[] _mean;

    public LiveHeads(NeuroformerWeights weights, int group, KernelSet kernels)
    {
        _kernels = kernels;
        var variables = weights.Variables[group];
        int[] targets = [.. Enumerable.Range(0, variables.Count).Where(variable => variables[variable].Head is not null)];
        _heads = [.. targets.Select(target => variables[target].Head!).Select(head => kernels.Pack(head.Weight, head.Outputs, head.Inputs, head.Bias))];
        _isClassification = [.. targets.Select(target => weights.Config.Groups[group].Variables[target].Classes > 0)];
        (_sums, _mean) = (new double[weights.Config.NEmbd], new float[weights.Config.NEmbd]);
    }

    /// <summary>Answers.</summary>
    /// <param name="x">[rows, C].</param>
    /// <param name="values">One for each regression, one for each class of a classification.</param>
    public void Read(ReadOnlySpan<float> x, Span<float> values)
    {
        var rows = x.Length / _mean.Length;
        Array.Clear(_sums);
        for (var row = 0; row < rows; row++)
        {
            var from = x.Slice(row * _mean.Length, _mean.Length);
            for (var channel = 0; channel < from.Length; channel++) _sums[channel] += from[channel];
        }

        for (var channel = 0; channel < _mean.Length; channel++) _mean[channel] = (float)(_sums[channel] / rows);
        var at = 0;
        for (var target = 0; target < _heads.Length; target++)
        {
            var answer = values.Slice(at, _heads[target].Outputs);
            _kernels.Multiply(_mean, _mean.Length, 1, _heads[target], answer, answer.Length);
            if (_isClassification[target]) _kernels.Softmax(answer, 1, answer.Length);
            at += answer.Length;
        }
    }
}
