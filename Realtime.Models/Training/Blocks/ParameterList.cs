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

    /// <summary>PREFIX.weight and PREFIX.bias of a layer normalisation.</summary>
    public (Parameter Gain, Parameter Bias) AddNorm(string prefix, LayerNormWeights norm) =>
        (Add($"{prefix}.weight", norm.Gain, norm.Gain.Length), Add($"{prefix}.bias", norm.Bias, norm.Bias.Length));

    /// <summary>A tensor that does not learn.</summary>
    public void AddConstant(string name, float[] values) => _constants.Add(TensorData.Of(name, values, values.Length));

    public ParameterSet ToSet() => new(_parameters, _constants);

    private Parameter Add(string name, ParameterKind kind, ReadOnlySpan<float> values, long[] shape)
    {
        var parameter = new Parameter(name, kind, values, shape);
        _parameters.Add(parameter);
        return parameter;
    }
}
