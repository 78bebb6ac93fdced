using Realtime.Models.Differentiation;
using Realtime.Models.Transformer;
using Realtime.Models.Weights;

namespace Realtime.Models.Training.Blocks;

/// <summary>Collects a network's parameters in the order in which it makes its layers, which fixes the order of every sum over parameters.</summary>
internal sealed class ParameterList
{
    private readonly List<Parameter> _parameters = [];
    private readonly List<TensorData> _constants = [];

    /// <summary>A tensor that takes part in every window.</summary>
    public Parameter Add(string name, ReadOnlySpan<float> values, params long[] shape) => Add(name, ParameterKind.Dense, values, shape);

    /// <summary>A table of vectors [rows, width].</summary>
    public Parameter AddTable(string name, ParameterKind kind, ReadOnlySpan<float> values, int width) => Add(name, kind, values, [values.Length / width, width]);

    /// <summary>PREFIX.weight and PREFIX.bias of a linear map.</summary>
    public (Parameter Weight, Parameter Bias) AddLinear(string prefix, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias) =>
        (Add($"{prefix}.weight", weight, bias.Length, weight.Length / bias.Length), Add($"{prefix}.bias", bias, bias.Length));

    /// <summary>A linear map of one session.</summary>
    /// <param name="prefix">Of its names.</param>
    /// <param name="map">Its values.</param>
    /// <param name="decay">Multiplies the weight decay of the weight.</param>
    /// <param name="biasDecay">And of the bias.</param>
    public (Parameter Weight, Parameter Bias) AddSessionLinear(string prefix, LinearWeights map, double decay, double biasDecay) => (
        Add(new Parameter($"{prefix}.weight", ParameterKind.SessionPart, map.Weight, map.Outputs, map.Inputs) { DecayFactor = decay }),
        Add(new Parameter($"{prefix}.bias", ParameterKind.SessionPart, map.Bias, map.Outputs) { DecayFactor = biasDecay }));

    /// <summary>PREFIX.weight and PREFIX.bias of a layer normalisation.</summary>
    public (Parameter Gain, Parameter Bias) AddNorm(string prefix, LayerNormWeights norm) =>
        (Add($"{prefix}.weight", norm.Gain, norm.Gain.Length), Add($"{prefix}.bias", norm.Bias, norm.Bias.Length));

    /// <summary>A tensor that does not learn.</summary>
    public void AddConstant(string name, float[] values) => _constants.Add(TensorData.Of(name, values, values.Length));

    public ParameterSet ToSet() => new(_parameters, _constants);

    private Parameter Add(string name, ParameterKind kind, ReadOnlySpan<float> values, long[] shape) => Add(new Parameter(name, kind, values, shape));

    private Parameter Add(Parameter parameter)
    {
        _parameters.Add(parameter);
        return parameter;
    }
}
