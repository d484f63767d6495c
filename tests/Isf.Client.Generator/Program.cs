using NJsonSchema.CodeGeneration.CSharp;
using NSwag;
using NSwag.CodeGeneration.CSharp;
using NSwag.CodeGeneration.OperationNameGenerators;

// Writes the typed client of the interface that a description describes.
// Arguments: the description, and the file to write.
var document = await OpenApiDocument.FromFileAsync(args[0]);

// A refusal is one exception with its code, so the client needs no type for each route's problems.
foreach (var responses in document.Operations.Select(found => found.Operation.Responses))
{
    foreach (var status in responses.Keys.Where(status => status[0] != '2').ToList())
        responses.Remove(status);
}
// Words stay texts as they are on the wire.
foreach (var schema in document.Components.Schemas.Values)
    schema.Enumeration.Clear();

var settings = new CSharpClientGeneratorSettings
{
    ClassName = "IsfClient",
    ExceptionClass = "RefusedException",
    OperationNameGenerator = new SingleClientFromOperationIdOperationNameGenerator(),
    InjectHttpClient = true,
    DisposeHttpClient = false,
    UseBaseUrl = false,
    GenerateOptionalParameters = true,
    ResponseArrayType = "System.Collections.Generic.IReadOnlyList",
    ParameterDateFormat = "uuuu-MM-dd",
    ParameterDateTimeFormat = "uuuu-MM-dd'T'HH:mm:ss.FFFFFFFFF'Z'",
    CSharpGeneratorSettings =
    {
        Namespace = "Isf.Client",
        JsonLibrary = CSharpJsonLibrary.SystemTextJson,
        ClassStyle = CSharpClassStyle.Record,
        GenerateNativeRecords = true,
        GenerateDataAnnotations = false,
        GenerateNullableReferenceTypes = true,
        GenerateOptionalPropertiesAsNullable = true,
        DateType = "NodaTime.LocalDate",
        TimeType = "NodaTime.LocalTime",
        DateTimeType = "NodaTime.Instant",
        ArrayType = "System.Collections.Generic.IReadOnlyList",
    },
};
await File.WriteAllTextAsync(args[1], new CSharpClientGenerator(document, settings).GenerateFile());
