using Realtime.Models.Differentiation;

namespace Realtime.Models.Training.Transformers;

/// <summary>A running average of all weights. One thread.</summary>
internal sealed class WeightAverage
{
    private readonly ParameterSet _parameters;
    private readonly double _decay;

    public WeightAverage(ParameterSet parameters, double decay)
    {
        (_parameters, _decay) = (parameters, decay);
        Values = WeightValues.Copy(parameters);
    }

    /// <summary>By parameter.</summary>
    public float[][] Values { get; }

    /// <summary>Takes in the weights after a step. The first steps weigh more, as the start is no estimate.</summary>
    /// <param name="steps">Steps so far, this one included.</param>
    public void Add(long steps)
    {
        var keep = Math.Min(_decay, (1.0 + steps) / (10 + steps));
        var take = (float)(1 - keep);
        for (var i = 0; i < Values.Length; i++)
        {
            var (average, value) = (Values[i], _parameters[i].Value);
            for (var j = 0; j < average.Length; j++) average[j] += take * (value[j] - average[j]);
        }
    }
}
